"""What this app keeps about people, for the export, the retention and the tests (`members.personal`)."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from koumbit.privacy import TERMS, Kind, Until
from koumbit.purge_sql import ERASED
from members.models import Person
from members.personal import (
    CONFIDENTIAL,
    IN_DOCUMENTS,
    OF_THE_PROGRAM,
    OTHERS,
    Destroyed,
    Document,
    Emptied,
    Part,
    Personal,
    Stays,
)
from members.personal_data import IN_THE_JOURNAL

from . import archive, slip_papers
from .models import (
    Acknowledgement,
    BankAccount,
    BankOpening,
    CnesstClassification,
    Deposit,
    DepositFile,
    EmployerYear,
    EmploymentRecord,
    Expectation,
    ExpectedAmount,
    FileReading,
    HourlyRate,
    IndexPoint,
    InvoiceNumber,
    KeptAnswers,
    MappedAccount,
    MonthFigures,
    OpeningAdjustment,
    OpeningAmount,
    OpeningBalance,
    OpeningChange,
    Originator,
    OvertimeChoice,
    PayPeriod,
    PayRun,
    PayStub,
    Projection,
    Remittance,
    RemitterType,
    SalesTaxRegistration,
    Slip,
    StubDocument,
    StubLine,
    Supposition,
    TaxProfile,
    YearEnd,
)

AMOUNTS = _("amounts and hours, so that pays, remittances, books and banks keep their sums")
PROJECTED = _("what was presented to everybody stays; the number of its author has no name any more")
CHOICES = _("days, without which the hours of those weeks would be reckoned otherwise")
SAYS_NOTHING = Q(because="") | Q(because=ERASED)


def documents_of(person: Person) -> Iterator[Document]:
    """A person's stubs and statements as they were issued, and the sheet of each year's confirmed slips."""
    with translation.override(person.language):
        folder = slugify(_("My pay"))
        for stub in archive.own(person).named().select_related("document"):
            yield f"{folder}/{archive.file_name(stub)}", archive.pdf_of(stub)
        folder = slugify(_("Slips"))
        for year in slip_papers.years_of(person):
            yield f"{folder}/{slip_papers.file_name(person, year)}", slip_papers.sheet_of(person, year)


def documents_to_make(person: Person) -> int:
    stubs = archive.own(person).named().filter(document=None).count()
    return stubs + len(slip_papers.years_of(person))


def paid_lately(today: date) -> Iterable[int]:
    """Whoever has a pay of a tax year that is still to be kept: their file waits as long."""
    last = today.year - TERMS[Until.TAX].years
    stubs = PayStub.objects.filter(run__pay_on__year__gte=last).order_by()
    return stubs.values_list("person", flat=True).distinct()


PART = Part(
    tables=(
        Personal(
            StubDocument,
            Kind.PAY,
            _("Documents of pay"),
            ("stub__person",),
            Destroyed(),
            {"pdf": IN_DOCUMENTS},
            year="stub__run__pay_on",
        ),
        Personal(
            PayStub,
            Kind.PAY,
            _("Pay stubs and statements"),
            ("person",),
            Emptied(("inputs", "facts"), left=~Q(facts__person__name=ERASED)),
            {"inputs": CONFIDENTIAL},
            year="run__pay_on",
        ),
        Personal(
            StubLine,
            Kind.PAY,
            _("Lines of pay stubs"),
            ("stub__person",),
            Stays(AMOUNTS),
            year="stub__run__pay_on",
        ),
        Personal(
            Slip,
            Kind.PAY,
            _("Year-end slips"),
            ("person",),
            Emptied(("facts",), left=~Q(facts__name=ERASED)),
            year="year_end__year",
        ),
        Personal(
            Deposit,
            Kind.PAY,
            _("Deposits of pay"),
            ("stub__person",),
            Stays(AMOUNTS),
            {"place": OF_THE_PROGRAM},
            year="file__run__pay_on",
        ),
        Personal(
            DepositFile,
            Kind.ACCOUNT,
            _("Deposit files"),
            (),
            Emptied(("content", "sha256", "findings", "because"), left=~Q(sha256="0" * 64)),
            year="run__pay_on",
            is_exported=False,
        ),
        Personal(
            PayRun,
            Kind.PAY,
            _("Reasons of pays"),
            (),
            Emptied(("because",), left=~SAYS_NOTHING),
            year="pay_on",
            is_exported=False,
        ),
        Personal(
            Acknowledgement,
            Kind.PAY,
            _("Warnings of pays and their answers"),
            (),
            Emptied(("sentence", "said", "because"), left=~SAYS_NOTHING | ~Q(said={})),
            year="run__pay_on",
            is_exported=False,
        ),
        Personal(
            YearEnd,
            Kind.PAY,
            _("Reasons and checks of year-end slips"),
            (),
            Emptied(("findings", "because"), left=~SAYS_NOTHING | ~Q(findings=[])),
            year="year",
            is_exported=False,
        ),
        Personal(OpeningBalance, Kind.PAY, _("Opening balances"), ("person",), Stays(AMOUNTS), year="year"),
        Personal(
            OpeningAmount,
            Kind.PAY,
            _("Amounts of opening balances"),
            ("balance__person",),
            Stays(AMOUNTS),
            year="balance__year",
        ),
        Personal(
            OpeningAdjustment,
            Kind.PAY,
            _("Adjustments of opening balances"),
            ("balance__person",),
            Emptied(("because",)),
            year="balance__year",
        ),
        Personal(
            OpeningChange,
            Kind.PAY,
            _("Amounts of adjustments"),
            ("adjustment__balance__person",),
            Stays(AMOUNTS),
            year="adjustment__balance__year",
        ),
        Personal(
            TaxProfile,
            Kind.TAXES,
            _("Tax forms"),
            ("person",),
            Destroyed(),
            dict.fromkeys(
                (
                    "sin",
                    "federal_claim",
                    "federal_extra_tax",
                    "quebec_claim",
                    "quebec_extra_tax",
                    "quebec_deduction",
                ),
                CONFIDENTIAL,
            ),
            year="ends_on",
        ),
        Personal(
            BankAccount,
            Kind.ACCOUNT,
            _("Bank accounts"),
            ("person",),
            Destroyed(),
            dict.fromkeys(("institution", "transit", "number"), CONFIDENTIAL),
            year="ends_on",
        ),
        Personal(
            SalesTaxRegistration,
            Kind.TAXES,
            _("GST and QST numbers"),
            ("person",),
            Destroyed(),
            year="ends_on",
        ),
        Personal(
            InvoiceNumber, Kind.PAY, _("Invoice numbers"), ("person",), Destroyed(), year="period_starts_on"
        ),
        Personal(
            EmploymentRecord,
            Kind.PAY,
            _("Records of employment"),
            ("person",),
            Destroyed(),
            year="last_day",
        ),
        Personal(
            Projection,
            Kind.PROJECTIONS,
            _("Projections made"),
            ("author",),
            Stays(PROJECTED),
            {"facts": OTHERS, "figures": OTHERS},
        ),
        Personal(
            ExpectedAmount,
            Kind.PROJECTIONS,
            _("Amounts of projections"),
            ("projection__author",),
            Stays(PROJECTED),
        ),
        Personal(
            Supposition,
            Kind.PROJECTIONS,
            _("Suppositions of projections"),
            ("projection__author",),
            Stays(PROJECTED),
        ),
        Personal(OvertimeChoice, Kind.PAY, _("Choices for overtime"), ("person",), Stays(CHOICES)),
        Personal(BankOpening, Kind.PAY, _("Owed at the start"), ("person",), Stays(AMOUNTS)),
        Personal(
            FileReading, Kind.READINGS, _("Who looked at the file"), ("person",), Destroyed(), year="read_at"
        ),
        Personal(
            FileReading,
            Kind.READINGS,
            _("Files looked at"),
            ("reader",),
            Stays(_("they go with the file of whom they are about")),
            {"person": OTHERS},
            year="read_at",
        ),
        Personal(
            KeptAnswers,
            Kind.SETTINGS,
            _("Answers typed on pays"),
            ("person",),
            Destroyed(),
            {"typed": OTHERS},
        ),
    ),
    not_personal={
        PayPeriod: "a calendar",
        Expectation: "numbers that issuing is compared with",
        IndexPoint: "the consumer price index",
        MonthFigures: "sums of the co-op",
        HourlyRate: IN_THE_JOURNAL,
        Originator: "the account of the co-op",
        Remittance: "sums of everybody; " + IN_THE_JOURNAL,
        RemitterType: IN_THE_JOURNAL,
        CnesstClassification: IN_THE_JOURNAL,
        EmployerYear: IN_THE_JOURNAL,
        MappedAccount: "accounts of the books",
    },
    documents=documents_of,
    to_make=documents_to_make,
    keeps_file=paid_lately,
)
