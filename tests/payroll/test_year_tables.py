"""A new tax year: what changed value by value, the sums that must agree, and what is refused beyond."""

import io
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from members.models import Cooperative, Power
from payroll import editions, periods, rates, runs, watching
from payroll.calendar import Calendar
from payroll.deductions import edition_on, parameters, reviewing
from payroll.deductions.names import CONFIDENCE_NAMES, KIND_NAMES, NAMES
from payroll.deductions.parameters import CONFIDENCES, KINDS, LeavePay, MinimumWage, Remitting, all_tables
from payroll.models import PayRun
from tests import make

EVERY_WEEK = {"mon": 7, "tue": 7, "wed": 7, "thu": 7, "fri": 7}
TABLES = [table for kind in all_tables().values() for table in kind]
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.edition)


@pytest.fixture
def tables(monkeypatch):
    """Another set of tables than this release's: `tables(added=[…], without=[…])`."""

    def use(*, added=(), without=()):
        kept = [table for table in TABLES if table.edition not in without]
        arranged = parameters.arrange([*kept, *added])
        parameters.edition_on.cache_clear()
        for module in (parameters, reviewing, editions, rates):
            monkeypatch.setattr(module, "all_tables", lambda: arranged)

    yield use
    parameters.edition_on.cache_clear()


def minimum(hourly: str, first: date, last: date) -> MinimumWage:
    current = all_tables()[MinimumWage][-1]
    changes = {"hourly": Decimal(hourly), "edition": f"minimum-wage-{first}"}
    return replace(current, effective_from=first, reviewed_through=last, **changes)  # type: ignore[return-value]


# Values and sums ----------------------------------------------------------------------------------


@every_table
def test_every_value_has_a_name(table):
    assert all(value.label for value in reviewing.values(table))
    assert {value.key for value in reviewing.values(table)} == set(table.provenance)


def test_no_name_is_for_nothing():
    keys = {f.name for kind in KINDS.values() for f in fields(kind) if f.init}

    assert set(NAMES) <= keys
    assert set(KIND_NAMES) == set(KINDS)
    assert set(CONFIDENCE_NAMES) == set(CONFIDENCES)


@every_table
def test_every_sum_agrees(table):
    assert [check for check in reviewing.checks(table) if not check.agrees] == []


@pytest.mark.parametrize(
    ("kind", "change", "complaint"),
    [
        ("contributions", {"qpp_maximum": Decimal("4339.20")}, "QPP: (maximum earnings − exemption) × rate"),
        ("contributions", {"qpp2_maximum": Decimal(396)}, "QPP2"),
        ("contributions", {"ei_rate": Decimal("0.0131")}, "EI: maximum earnings × rate"),
        ("contributions", {"qpip_employer_maximum": Decimal("620.07")}, "QPIP: maximum earnings × employer"),
        (
            "federal",
            {"thresholds": tuple(map(Decimal, (57375, 117045, 181440, 258482)))},
            "Federal threshold",
        ),
        (
            "federal",
            {"constants": tuple(map(Decimal, (0, 3729, 10241, 15685, 26024)))},
            "Constant K of federal",
        ),
        ("federal", {"basic_phase_out_to": Decimal(253414)}, "the least from the fourth threshold"),
        ("quebec", {"basic_amount": Decimal(18571)}, "basic amount"),
        ("quebec", {"constants": tuple(map(Decimal, (0, 2662, 8151, 10465)))}, "Constant K of Québec"),
        ("employer", {"hsf_slope": Decimal("0.4826")}, "HSF: the line"),
        ("employer", {"cnesst_maximum": Decimal(98000)}, "CNESST: the ceiling"),
        ("minimum_wage", {"hourly": Decimal("16.00")}, "not lower than before"),
    ],
)
def test_value_left_from_last_year_makes_a_sum_disagree(kind, change, complaint):
    table = replace(all_tables()[KINDS[kind]][-1], **change)

    wrong = [check.label for check in reviewing.checks(table) if not check.agrees]

    assert any(complaint in label for label in wrong), wrong


def test_year_beside_another_goes_edition_by_edition():
    def chain(year, kind):
        return [
            (step.before and step.before.edition, step.after and step.after.edition)
            for step in reviewing.between(year, year - 1)
            if step.kind == kind
        ]

    assert chain(2026, "federal") == [("T4127-121", "T4127-122")]
    assert chain(2025, "federal") == [("T4127-119", "T4127-120"), ("T4127-120", "T4127-121")]
    assert chain(2024, "federal") == [(None, "T4127-119")]
    assert chain(2026, "sales_taxes") == [("GST-QST-2024", "GST-QST-2024")]
    assert chain(2027, "quebec") == [("TP-1015.F-V-2026-01", None)]
    assert chain(2026, "minimum_wage") == [("minimum-wage-2025-05-01", "minimum-wage-2026-05-01")]


def test_change_says_by_how_much_and_whether_anything_moved():
    (part,) = [part for part in editions.parts(2026, 2025) if part.revision.kind == "contributions"]
    lines = {line.change.shown.key: line for line in part.lines}

    rate = lines["qpip_rate"]
    assert rate.change.growth == Decimal("0.00430") / Decimal("0.00494") - 1
    assert not rate.is_same
    assert not rate.cites_the_same
    exemption = lines["qpp_basic_exemption"]
    assert exemption.is_same
    assert exemption.growth == ""
    assert lines["cpp_rate"].cites_the_same
    assert lines["cpp_rate"].is_to_verify
    assert not exemption.is_to_verify


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("qpip_rate", "0.430%"),
        ("qpp_base_rate", "5.30%"),
        ("ei_employer_multiple", "1.40"),
        ("qpp_maximum", "$4,479.30"),
        ("hsf_small_rate", "1.65%"),
        ("hsf_intercept", "1.2662%"),
        ("qst_rate", "9.975%"),
    ],
)
def test_value_is_written_as_the_law_prints_it(key, written):
    (value,) = [
        value
        for step in reviewing.between(2026, 2025)
        if step.after
        for value in reviewing.values(step.after)
        if value.key == key
    ]
    with translation.override("en-ca"):
        assert editions.written(value) == written


# The command --------------------------------------------------------------------------------------


def told(**options) -> str:
    out = io.StringIO()
    call_command("tax_tables", stdout=out, **options)
    return out.getvalue()


def test_command_lists_every_table():
    text = told()

    for table in TABLES:
        assert table.edition in text
    assert "31 décembre 2026" in text
    assert "QPP-QPIP-EI-2025 →" not in text


def test_command_shows_what_changed_what_did_not_and_where_it_was_read():
    text = told(against=2025)

    assert "QPP-QPIP-EI-2025 → QPP-QPIP-EI-2026" in text
    assert "T4127 (122ᵉ éd., 2026-01-01), tabl. 8.8 et 8.29" in text
    assert text.count("✓") > 30
    assert "✗" not in text


def test_command_shows_two_editions_of_a_year():
    text = told(year=2025, against=2024)

    assert "T4127-119 → T4127-120" in text
    assert "T4127-120 → T4127-121" in text


def test_command_ends_in_an_error_when_tables_are_missing():
    with pytest.raises(CommandError, match="2027"):
        told(year=2027, against=2026)


def test_command_ends_in_an_error_when_a_sum_disagrees(tables):
    wrong = replace(edition_on(date(2026, 1, 1)).contributions, ei_maximum=Decimal("860.67"))
    tables(without=["QPP-QPIP-EI-2026"], added=[wrong])

    with pytest.raises(CommandError, match=r"895,70.*860,67"):
        told(against=2025)


def test_command_needs_no_configuration():
    done = subprocess.run(
        [sys.executable, "manage.py", "tax_tables", "--against", "2025"],
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
    )

    assert done.returncode == 0, done.stderr.decode()


# The page -----------------------------------------------------------------------------------------


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_rules_are_as_sure_as_the_least_sure_of_their_values():
    """The mark of a table is that of its rules: never surer than what was read of them."""
    order = "PCTM"
    for wanted in (LeavePay, Remitting):
        for table in all_tables()[wanted]:
            values = [order.index(value.origin.confidence) for value in reviewing.values(table)]
            assert order.index(table.confidence) >= max(values), table.edition


@pytest.mark.django_db
def test_page_says_which_rules_are_to_verify_and_what_the_marks_mean(client, time_machine):
    time_machine.move_to("2026-11-23 15:00:00+00:00", tick=False)
    client.force_login(make.person("Ana", language="en-ca"))
    parts = {
        type(part.table).__name__: part for part in client.get(reverse("payroll:tables")).context["parts"]
    }
    for name in ("LeavePay", "Remitting", "Quebec"):
        assert parts[name].rules_to_verify
    for name in ("Federal", "Contributions", "MinimumWage"):
        assert not parts[name].rules_to_verify
    with translation.override("en-ca"):
        assert [mark for mark, _meaning in editions.marks()] == list(CONFIDENCES)


@pytest.mark.django_db
def test_every_member_reads_the_tables_of_the_year(client, time_machine, django_assert_num_queries):
    time_machine.move_to("2026-06-15 12:00", tick=False)
    make.cooperative()
    client.force_login(make.person(language="en-ca"))
    client.get(reverse("payroll:tables"))
    with django_assert_num_queries(3):
        text = words(client.get(reverse("payroll:tables")))

    assert "Tables of 2026" in text
    assert (
        "Every table is reviewed for pay dates through December 31, 2026" in text
        or "31 December 2026" in text
    )
    assert "cannot be computed yet" not in text
    assert "T4127 (122nd ed., 2026-01-01), t. 8.1" in text
    assert "0.430%" in text
    assert "read in a transcription or a secondary source" in text
    assert "does not agree" not in text
    assert "disability pension" in text


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "shown"), [("2025", 2025), ("2031", 2026), ("x", 2026), ("", 2026)])
def test_page_shows_a_year_that_has_tables(client, time_machine, asked, shown):
    time_machine.move_to("2027-02-15 12:00", tick=False)
    make.cooperative()
    client.force_login(make.person())

    assert client.get(reverse("payroll:tables"), {"year": asked}).context["year"] == shown


# Ahead of time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "refused"),
    [
        ("2026-11-01", None),
        ("2026-11-25", None),
        ("2026-11-26", date(2027, 1, 7)),
        ("2026-12-31", date(2027, 1, 7)),
        ("2027-01-08", date(2027, 1, 21)),
        ("2028-03-01", date(2028, 3, 2)),
    ],
)
def test_refused_pay_is_told_six_weeks_ahead(today, refused):
    calendar = Calendar("biweekly", date(2026, 1, 5), 4)
    found = editions.first_refused(calendar, date.fromisoformat(today))

    assert (found is None) == (refused is None)
    if found:
        assert found > date(2026, 12, 31)
        assert found in calendar.pay_dates(found.year)


def test_monthly_coop_is_told_too():
    monthly = Calendar("monthly", date(2026, 1, 1), 0)

    assert editions.first_refused(monthly, date(2026, 12, 19)) is None
    assert editions.first_refused(monthly, date(2026, 12, 20)) == date(2027, 1, 31)


@pytest.mark.django_db
@pytest.mark.parametrize("power", [Power.PREPARE_PAY, Power.ISSUE_PAY])
def test_home_and_pay_runs_warn_who_holds_a_pay_power(client, time_machine, power):
    time_machine.move_to("2026-11-29 12:00", tick=False)
    make.cooperative()
    make.rate("21.50")
    client.force_login(make.person(powers=[power], language="en-ca"))

    for name in ("home", "payroll:runs"):
        text = words(client.get(reverse(name)))
        assert "is refused until the next ones are reviewed and installed" in text
        assert reverse("payroll:tables") in text


@pytest.mark.django_db
def test_home_does_not_warn_who_can_do_nothing_about_it(client, time_machine):
    time_machine.move_to("2026-11-29 12:00", tick=False)
    make.cooperative()
    client.force_login(make.person(language="en-ca"))

    assert client.get(reverse("home")).context["ahead"] == []


@pytest.mark.django_db
def test_home_of_who_holds_every_power_asks_at_most_ten_queries(
    client, time_machine, django_assert_max_num_queries
):
    time_machine.move_to("2026-11-29 12:00", tick=False)
    make.cooperative()
    make.rate("21.50")
    client.force_login(make.person(powers=list(Power)))
    client.get(reverse("home"))
    with django_assert_max_num_queries(10):
        page = client.get(reverse("home"))
    assert len([one for one in page.context["ahead"] if one.url == "payroll:tables"]) == 1


# Beyond the tables, every door --------------------------------------------------------------------

BEYOND = date(2026, 12, 21)  # its pay date is in January 2027


@pytest.fixture
def coordinator(time_machine):
    time_machine.move_to("2027-01-04 12:00", tick=False)
    make.cooperative(first_period_on=BEYOND)
    make.rate("21.50")
    ana = make.person("Ana", born_on=date(1990, 5, 1))
    make.approved(ana, starts_on=BEYOND, hours=EVERY_WEEK)
    return make.person("Paule", powers=[Power.PREPARE_PAY, Power.ISSUE_PAY], language="en-ca")


@pytest.mark.django_db
def test_pay_beyond_the_tables_is_refused_by_preview_and_prepare(client, coordinator):
    period = periods.starting(BEYOND)
    assert period.pay_on.year == 2027
    client.force_login(coordinator)
    address = reverse("payroll:run_preview", args=[BEYOND])

    page = client.get(address)
    assert "Nothing is computed with another year" in words(page)
    assert reverse("payroll:tables") in words(page)
    assert page.context["is_stopped"]
    assert "seen" not in page.context

    client.post(address, {"because": "essai"})
    assert not PayRun.objects.exists()
    with pytest.raises(runs.Stopped):
        runs.preview(period)
    with pytest.raises(runs.Stopped):
        runs.prepare(period, by=coordinator, because="essai")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_pay_beyond_the_tables_is_refused_by_the_calculator(client, coordinator, method):
    client.force_login(coordinator)
    given = {"pay_on": "2027-01-15", "pays_in_year": "26", "gross": "2000"}

    page = getattr(client, method)(reverse("payroll:calculator"), given)

    assert "pay_on" in page.context["form"].errors
    assert "editions" not in page.context


def test_pay_beyond_the_tables_is_refused_by_the_command(tmp_path):
    cases = tmp_path / "cases.csv"
    cases.write_text("id,pay_date,periods_per_year,gross\nA,2027-01-15,26,2000.00\n")
    out = io.StringIO()

    call_command("source_deductions", cases=cases, stdout=out, stderr=io.StringIO())

    row = out.getvalue().splitlines()[1]
    assert row.startswith("A,,,")
    assert "2027-01-15" in row


# Which edition ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_page_that_computes_names_its_editions(client, time_machine):
    time_machine.move_to("2026-11-20 12:00", tick=False)
    make.cooperative(first_period_on=date(2026, 11, 2))
    make.rate("21.50")
    ana = make.person("Ana", born_on=date(1990, 5, 1), language="en-ca")
    make.approved(ana, starts_on=date(2026, 11, 2), hours=EVERY_WEEK)
    preparer = make.person("Paule", powers=[Power.PREPARE_PAY], language="en-ca")
    issuer = make.person("Irène", powers=[Power.ISSUE_PAY], language="en-ca")
    client.force_login(preparer)

    def says(address, **given):
        text = words(client.get(address, given))
        assert "T4127-122" in text
        assert f"{reverse('payroll:tables')}?year=2026" in text

    says(reverse("payroll:run_preview", args=[date(2026, 11, 2)]))
    says(reverse("payroll:calculator"), pay_on="2026-11-20", pays_in_year="26", gross="2000")
    run = runs.prepare(periods.starting(date(2026, 11, 2)), by=preparer, because="essai")
    says(reverse("payroll:run", args=[run.pk]))
    runs.issue(run, by=issuer, documents=False)
    says(reverse("payroll:run", args=[run.pk]))
    client.force_login(ana)
    says(reverse("payroll:stub", args=[run.stubs.get().pk]))


@pytest.mark.django_db
def test_stub_explains_what_is_not_withheld_and_what_is_to_verify(client, time_machine):
    time_machine.move_to("2026-11-20 12:00", tick=False)
    make.cooperative(first_period_on=date(2026, 11, 2))
    make.rate("21.50")
    lea = make.person("Léa", born_on=date(2010, 5, 1), language="en-ca")
    make.approved(lea, starts_on=date(2026, 11, 2), hours=EVERY_WEEK)
    run = runs.prepare(
        periods.starting(date(2026, 11, 2)), by=make.person("Paule", powers=list(Power)), because="essai"
    )
    stub = runs.issue(run, by=make.person("Irène", powers=list(Power)), documents=False).stubs.get()
    client.force_login(lea)

    page = client.get(reverse("payroll:stub", args=[stub.pk]))

    explained = {row.code: part for row, part in page.context["deducted"]}
    assert explained["qpp"].amount == 0
    assert explained["qpp2"].amount == 0
    assert "the month after the 18th birthday" in words(page)
    assert explained["qpip"].steps[-1].to_verify == "read in a transcription or a secondary source"
    assert explained["ei"].steps[-1].to_verify == ""
    assert explained["quebec_tax"].editions == ["QPP-QPIP-EI-2026", "TP-1015.F-V-2026-01"]
    assert {row.code for row, part in page.context["employer"]} >= {"ei", "qpip", "hsf"}
    assert all(part for row, part in page.context["employer"])


@pytest.mark.django_db
def test_explanations_cite_their_documents_in_the_language_of_the_reader(client, time_machine):
    time_machine.move_to("2026-11-20 12:00", tick=False)
    make.cooperative()
    for language, said in (
        (
            "fr-ca",
            ["T4127 (122ᵉ éd., 2026-01-01), tabl. 8.1", "TP-1015.F (2026-01), d’après une transcription"],
        ),
        ("en-ca", ["T4127 (122nd ed., 2026-01-01), t. 8.1", "TP-1015.F-V (2026-01), as transcribed"]),
    ):
        client.force_login(make.person("Léa", language=language))
        asked = {"pay_on": "2026-11-20", "pays_in_year": "26", "gross": "2000"}
        explained = words(client.post(reverse("payroll:calculator"), asked))
        for page in (explained, words(client.get(reverse("payroll:tables")))):
            for document in said:
                assert document in page
        # A formula of another document than its table's.
        assert ("TP-1015.F, section 4.1" if language == "fr-ca" else "TP-1015.F-V, section 4.1") in explained


# The minimum wage ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_rate_lower_than_a_minimum_wage_to_come_is_told_ahead(tables, time_machine):
    time_machine.move_to("2026-11-29 12:00", tick=False)
    tables(added=[minimum("22.00", date(2027, 1, 1), date(2027, 12, 31))])
    rate = make.rate("21.50")

    (found,) = rates.shortfalls(date(2026, 11, 29))
    assert (found.rate, found.day, found.minimum.hourly) == (rate, date(2027, 1, 1), Decimal("22.00"))
    (ahead,) = watching.warnings([Power.SET_RATE], Cooperative.objects.first(), date(2026, 11, 29))
    assert ahead.url == "payroll:rates"

    make.rate("22.50", starts_on=date(2027, 1, 1))
    assert rates.shortfalls(date(2026, 11, 29)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "first", "last", "days"),
    [
        ("16.60", date(2026, 4, 27), date(2026, 5, 10), []),
        ("16.20", date(2026, 4, 27), date(2026, 5, 10), [date(2026, 5, 1)]),
        ("16.00", date(2026, 4, 27), date(2026, 5, 10), [date(2026, 4, 27), date(2026, 5, 1)]),
        ("16.20", date(2026, 4, 13), date(2026, 4, 26), []),
        ("16.20", date(2027, 4, 13), date(2027, 4, 26), [date(2027, 4, 13)]),
    ],
)
def test_rate_is_compared_with_the_minimum_wage_of_each_day(amount, first, last, days):
    make.rate(amount)

    assert [found.day for found in rates.shortfalls(first, last)] == days


@pytest.mark.django_db
def test_rate_lower_than_the_minimum_wage_is_said_everywhere(client, time_machine):
    time_machine.move_to("2026-05-18 12:00", tick=False)
    first = date(2026, 5, 4)
    make.cooperative(first_period_on=first)
    make.rate("16.20")
    ana = make.person("Ana", born_on=date(1990, 5, 1))
    make.approved(ana, starts_on=first, hours=EVERY_WEEK)
    client.force_login(make.person("Paule", powers=list(Power), language="en-ca"))

    for address in (
        reverse("home"),
        reverse("payroll:runs"),
        reverse("payroll:rates"),
        reverse("payroll:run_preview", args=[first]),
    ):
        text = words(client.get(address))
        assert "$16.20 is lower than the minimum wage, $16.60 since" in text, address
    period = periods.starting(first)
    findings = runs.preflight(period, runs.preview(period))
    assert [of.stops for of in findings if of.url == "payroll:rates"] == [False]


@pytest.mark.django_db
def test_form_of_the_rate_says_the_minimum_and_refuses_less_with_its_source(client, time_machine):
    time_machine.move_to("2026-11-20 12:00", tick=False)
    make.cooperative()
    setter = make.person("Paule", powers=[Power.SET_RATE], language="en-ca")
    decision = make.decision(recorded_by=make.person("Irène"))
    client.force_login(setter)
    address = reverse("payroll:rate_set")

    assert "$16.60 an hour (Ministère du Travail, news release of 2026-01-22)" in words(client.get(address))
    given = {"amount": "16.59", "starts_on": "2026-11-20", "decision": decision.pk, "confirmed": "1"}
    refused = words(client.post(address, given))
    assert "a rate cannot be lower" in refused
    assert "Ministère du Travail, news release of 2026-01-22" in refused
    assert 'value="16.59"' in refused
