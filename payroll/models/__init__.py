from .opening import OpeningAmount, OpeningBalance
from .profiles import FileReading, OvertimeChoice, SalesTaxRegistration, TaxProfile
from .rates import HourlyRate
from .runs import Acknowledgement, PayPeriod, PayRun, PayStub, StubDocument, StubLine

__all__ = [
    "Acknowledgement",
    "FileReading",
    "HourlyRate",
    "OpeningAmount",
    "OpeningBalance",
    "OvertimeChoice",
    "PayPeriod",
    "PayRun",
    "PayStub",
    "SalesTaxRegistration",
    "StubDocument",
    "StubLine",
    "TaxProfile",
]
