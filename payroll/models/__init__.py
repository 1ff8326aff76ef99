from .deposits import BankAccount, Deposit, DepositFile, Originator
from .profiles import FileReading, InvoiceNumber, OvertimeChoice, SalesTaxRegistration, TaxProfile
from .rates import HourlyRate
from .runs import PayPeriod, PayRun, PayStub, StubDocument, StubLine
from .slips import Slip, YearEnd

__all__ = [
    "BankAccount",
    "Deposit",
    "DepositFile",
    "FileReading",
    "HourlyRate",
    "InvoiceNumber",
    "Originator",
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
