from .profiles import FileReading, OvertimeChoice, SalesTaxRegistration, TaxProfile
from .rates import HourlyRate
from .remittances import CnesstClassification, EmployerYear, Government, Remittance, RemitterType
from .runs import PayPeriod, PayRun, PayStub, StubDocument, StubLine

__all__ = [
    "CnesstClassification",
    "EmployerYear",
    "FileReading",
    "Government",
    "HourlyRate",
    "OvertimeChoice",
    "PayPeriod",
    "PayRun",
    "PayStub",
    "Remittance",
    "RemitterType",
    "SalesTaxRegistration",
    "StubDocument",
    "StubLine",
    "TaxProfile",
]
