from .profiles import FileReading, InvoiceNumber, OvertimeChoice, SalesTaxRegistration, TaxProfile
from .rates import HourlyRate
from .runs import PayPeriod, PayRun, PayStub, StubDocument, StubLine

__all__ = [
    "FileReading",
    "HourlyRate",
    "InvoiceNumber",
    "OvertimeChoice",
    "PayPeriod",
    "PayRun",
    "PayStub",
    "SalesTaxRegistration",
    "StubDocument",
    "StubLine",
    "TaxProfile",
]
