from .profiles import BankOpening, FileReading, OvertimeChoice, SalesTaxRegistration, TaxProfile
from .rates import HourlyRate
from .runs import PayPeriod, PayRun, PayStub, StubDocument, StubLine

__all__ = [
    "BankOpening",
    "FileReading",
    "HourlyRate",
    "OvertimeChoice",
    "PayPeriod",
    "PayRun",
    "PayStub",
    "SalesTaxRegistration",
    "StubDocument",
    "StubLine",
    "TaxProfile",
]
