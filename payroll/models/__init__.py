from .deposits import BankAccount, Deposit, DepositFile, Originator
from .profiles import FileReading, OvertimeChoice, SalesTaxRegistration, TaxProfile
from .rates import HourlyRate
from .runs import PayPeriod, PayRun, PayStub, StubDocument, StubLine

__all__ = [
    "BankAccount",
    "Deposit",
    "DepositFile",
    "FileReading",
    "HourlyRate",
    "Originator",
    "OvertimeChoice",
    "PayPeriod",
    "PayRun",
    "PayStub",
    "SalesTaxRegistration",
    "StubDocument",
    "StubLine",
    "TaxProfile",
]
