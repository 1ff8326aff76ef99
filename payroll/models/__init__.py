from .profiles import FileReading, OvertimeChoice, SalesTaxRegistration, TaxProfile
from .rates import HourlyRate
from .runs import PayPeriod, PayRun, PayStub, StubDocument, StubLine
from .slips import Slip, YearEnd

__all__ = [
    "FileReading",
    "HourlyRate",
    "OvertimeChoice",
    "PayPeriod",
    "PayRun",
    "PayStub",
    "SalesTaxRegistration",
    "Slip",
    "StubDocument",
    "StubLine",
    "TaxProfile",
    "YearEnd",
]
