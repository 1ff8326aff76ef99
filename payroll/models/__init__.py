from .books import MappedAccount
from .deposits import BankAccount, Deposit, DepositFile, Originator
from .employment import EmploymentRecord
from .months import MonthFigures
from .opening import OpeningAdjustment, OpeningAmount, OpeningBalance, OpeningChange
from .prices import IndexPoint
from .profiles import (
    BankOpening,
    FileReading,
    InvoiceNumber,
    OvertimeChoice,
    SalesTaxRegistration,
    TaxProfile,
)
from .projections import ExpectedAmount, Projection, Supposition
from .rates import HourlyRate
from .remittances import CnesstClassification, EmployerYear, Government, Remittance, RemitterType
from .runs import (
    Acknowledgement,
    Expectation,
    KeptAnswers,
    PayPeriod,
    PayRun,
    PayStub,
    StubDocument,
    StubLine,
)
from .slips import Slip, YearEnd

__all__ = [
    "Acknowledgement",
    "BankAccount",
    "BankOpening",
    "CnesstClassification",
    "Deposit",
    "DepositFile",
    "EmployerYear",
    "EmploymentRecord",
    "Expectation",
    "ExpectedAmount",
    "FileReading",
    "Government",
    "HourlyRate",
    "IndexPoint",
    "InvoiceNumber",
    "KeptAnswers",
    "MappedAccount",
    "MonthFigures",
    "OpeningAdjustment",
    "OpeningAmount",
    "OpeningBalance",
    "OpeningChange",
    "Originator",
    "OvertimeChoice",
    "PayPeriod",
    "PayRun",
    "PayStub",
    "Projection",
    "Remittance",
    "RemitterType",
    "SalesTaxRegistration",
    "Slip",
    "StubDocument",
    "StubLine",
    "Supposition",
    "TaxProfile",
    "YearEnd",
]
