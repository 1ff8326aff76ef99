"""What is past its term is listed, prepared by one, destroyed by another: exactly that, and the sums stay."""

import io
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from koumbit import backups
from members import journal, lifecycle, paths, personal, retention
from members.models import JournalEntry, Membership, Person, Power, Purge, PurgedRow, PurgeItem
from members.powers import NotAllowed
from payroll import archive, ledgers, register, runs
from payroll.models import BankAccount, DepositFile, PayRun, PayStub, Slip, StubDocument, StubLine, TaxProfile
from tests import long_ago, make
from timesheets.models import EntryVersion, LineMessage, TimeEntry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def past():
    return long_ago.coop()


def keys(*, ahead=False) -> list[str]:
    return [found.key for found in retention.due(TODAY) if ahead or found.is_past(TODAY)]


def everything(past) -> Purge:
    return retention.prepare(keys(), by=past.keeper)


def proof_of_sums() -> dict:
    said = backups.proof()
    return {"sums": said["sums"], "journal": said["journal"]["first_broken_line"]}


def whole_database() -> str:
    """All that the database says, as text: to look for what must be gone."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            said += [row for (row,) in cursor.fetchall()]
    return "\n".join(said)


# What is listed -----------------------------------------------------------------------------------


def test_what_is_past_its_term_is_listed_with_since_when(past):
    listed = {found.key: found.past_on for found in retention.due(TODAY)}
    assert listed == {
        "wages-2012": date(2016, 1, 1),
        "tax-2012": date(2019, 1, 1),
        f"file-{past.leo.pk}": date(2019, 6, 29),
    }


def test_what_is_within_its_term_is_not_listed():
    make.cooperative()
    ana = make.person("Ana")
    week = make.approved(ana, starts_on=date(2026, 11, 2), hours={"mon": 7})
    assert week
    assert retention.due(TODAY) == []


def test_who_comes_back_or_keeps_a_mandate_keeps_their_file(past):
    assert f"file-{past.leo.pk}" in keys()
    seat = make.mandate(past.leo)
    assert f"file-{past.leo.pk}" not in keys()
    seat.delete()
    assert f"file-{past.leo.pk}" in keys()


def test_somebody_entered_who_never_came_counts_from_the_day_they_were_entered():
    keeper = make.person("Kim", powers=[Power.ADMIT_PEOPLE])
    newcomer = lifecycle.admit_person(by=keeper, email="n@example.org", given_name="N")
    with connection.cursor() as cursor:
        cursor.execute("SELECT members_left_on(%s)", [newcomer.pk])
        assert cursor.fetchone()[0] == datetime.now(UTC).date()
    assert keys() == []


# What goes, what stays ----------------------------------------------------------------------------


def test_year_of_tax_records_loses_what_names_people_and_keeps_its_sums(past):
    totals, sums, bank = (
        register.totals_of(past.run),
        proof_of_sums(),
        ledgers.of_person(past.ana, today=TODAY),
    )
    purge = retention.prepare(["tax-2012"], by=past.keeper)
    gone = retention.execute(purge, by=past.issuer)
    assert gone == purge.items.get().counts
    assert gone["payroll_stubdocument"] == 2
    assert not StubDocument.objects.exists()
    assert not TaxProfile.objects.exists()
    assert not BankAccount.objects.exists()
    stub = PayStub.objects.filter(person=past.leo).get()
    assert (stub.inputs, stub.is_named, stub.facts["number"]) == (
        "",
        False,
        f"2012-{past.run.pk}-{past.leo.pk}",
    )
    assert stub.facts["roles"] == [{"role": "Images", "minutes": 870}]
    assert Slip.objects.filter(person=past.leo).get().boxes == {"A": "311.75"}
    assert DepositFile.objects.get().content == ""
    assert set(TimeEntry.objects.values_list("note", flat=True)) == {"–"}
    # What lines said before is of a shorter term: not chosen here, it stays; and emptying wrote nothing of it.
    assert EntryVersion.objects.filter(note=long_ago.NOTE).count() == 2
    assert register.totals_of(PayRun.objects.get()) == totals
    assert proof_of_sums() == sums
    assert ledgers.of_person(past.ana, today=TODAY) == bank
    assert journal.first_broken_line() is None


def test_lines_of_before_and_questions_go_after_three_years(past):
    retention.execute(retention.prepare(["wages-2012"], by=past.keeper), by=past.issuer)
    assert not EntryVersion.objects.exists()
    assert not LineMessage.objects.exists()
    assert TimeEntry.objects.filter(note=long_ago.NOTE).exists()
    assert keys() == ["tax-2012", f"file-{past.leo.pk}"]


def test_nothing_of_whom_left_is_found_any_more(past):
    """Name, address, phone, account, texts that named them: in no column of no table."""
    left = (
        "Zébulon",
        "Tremblay",
        "9, rue Cachée",
        "555-0142",
        "1970-02-03",
        "Graphiste en chef",
        past.leo.email,
    )
    before = whole_database()
    assert all(mark in before for mark in left)
    totals, sums = register.totals_of(past.run), proof_of_sums()
    retention.execute(everything(past), by=past.issuer)
    after = whole_database()
    assert [mark for mark in left if mark in after] == []
    assert register.totals_of(PayRun.objects.get()) == totals
    assert proof_of_sums() == sums
    assert keys(ahead=True) == []


def test_whose_file_is_destroyed_is_a_number_that_signs_in_nowhere(past, client):
    retention.execute(everything(past), by=past.issuer)
    nobody = Person.objects.get(pk=past.leo.pk)
    assert str(nobody) == f"№ {nobody.pk}"
    assert not nobody.is_active
    assert authenticate(email=past.leo.email, password="essai-essai-essai") is None
    with pytest.raises(IntegrityError, match="destroyed after its term"), transaction.atomic():
        Person.objects.filter(pk=nobody.pk).update(given_name="Zébulon")
    for act in (
        lambda: lifecycle.reopen_account(nobody, by=past.keeper),
        lambda: lifecycle.change_person(nobody, by=past.keeper, given_name="Zébulon"),
        lambda: lifecycle.start_work_status(
            nobody, by=past.keeper, kind="salaried", tenure="permanent", job_title="x", starts_on=TODAY
        ),
        lambda: paths.apply(nobody, by=past.keeper, words="", starts_on=TODAY),
    ):
        with pytest.raises(lifecycle.FileDestroyed):
            act()
    client.force_login(past.ana)
    page = client.get(reverse("members:person", args=[nobody.pk]))
    assert page.status_code == 200
    assert "Zébulon" not in page.content.decode()


def test_who_is_still_here_keeps_their_name_their_amounts_and_a_page_that_says_what_is_gone(past, client):
    retention.execute(everything(past), by=past.issuer)
    ana = Person.objects.get(pk=past.ana.pk)
    assert ana.given_name == "Ana"
    client.force_login(ana)
    stub = archive.own(ana).get()
    page = client.get(reverse("payroll:stub", args=[stub.pk])).content.decode()
    assert "311.75" in page
    assert "Past the term of tax records" in page
    assert reverse("payroll:stub_pdf", args=[stub.pk]) not in page
    assert client.get(reverse("payroll:stub_pdf", args=[stub.pk])).status_code == 410
    assert client.get(reverse("payroll:archive_zip", args=[2012])).status_code == 410
    assert client.get(reverse("payroll:archive"), {"year": 2012}).status_code == 200
    with pytest.raises(runs.PastItsTerm):
        runs.demand_standing(stub)
    assert runs.make_documents(past.run, by=make.person("P", powers=[Power.PREPARE_PAY])) == 0


def test_no_pay_finds_again_what_was_destroyed(past):
    """Hours, leave and amounts stay together: nothing is due to anybody, nor overpaid."""
    before = runs.due_up_to(date(2012, 3, 18), date(2026, 11, 25)).lines
    retention.execute(everything(past), by=past.issuer)
    assert runs.due_up_to(date(2012, 3, 18), date(2026, 11, 25)).lines == before


def test_journal_holds_numbers_and_the_chain(past):
    purge = everything(past)
    retention.execute(purge, by=past.issuer)
    prepared, done = JournalEntry.objects.filter(event__startswith="members.purge").order_by("seq")
    assert (prepared.actor, done.actor) == (past.keeper, past.issuer)
    assert done.body["purge"] == purge.pk
    assert set(done.body["rows"]) <= {table.table for table in personal.tables()}
    assert "Zébulon" not in str(done.body)
    said = io.StringIO()
    call_command("verify_journal", stdout=said)
    assert said.getvalue()


# What is refused ----------------------------------------------------------------------------------


def test_nobody_destroys_alone(past):
    both = make.person("Alex", powers=[Power.ADMIT_PEOPLE, Power.ISSUE_PAY])
    purge = retention.prepare(["tax-2012"], by=both)
    with pytest.raises(retention.OwnPurge):
        retention.execute(purge, by=both)
    with pytest.raises(IntegrityError, match="members_purge_takes_two"), transaction.atomic():
        Purge.objects.filter(pk=purge.pk).update(executed_by=both, executed_at=datetime.now(UTC))
    assert StubDocument.objects.count() == 2


@pytest.mark.parametrize("power", [None, *Power])
def test_each_needs_their_power(past, power):
    someone = make.person("Alex", powers=[power] if power else [])
    if power == Power.ADMIT_PEOPLE:
        assert retention.prepare(["tax-2012"], by=someone)
    else:
        with pytest.raises(NotAllowed):
            retention.prepare(["tax-2012"], by=someone)
        purge = retention.prepare(["tax-2012"], by=past.keeper)
        if power == Power.ISSUE_PAY:
            assert retention.execute(purge, by=someone)
        else:
            with pytest.raises(NotAllowed):
                retention.execute(purge, by=someone)


def test_mandate_that_ended_yesterday_destroys_nothing(past):
    ended = make.person("Alex")
    make.mandate(ended, [Power.ISSUE_PAY], ends_on=date(2020, 2, 1))
    purge = retention.prepare(["tax-2012"], by=past.keeper)
    with pytest.raises(NotAllowed):
        retention.execute(purge, by=ended)


@pytest.mark.parametrize("chosen", [["tax-2025"], ["tax-2012", "wages-2024"], ["file-999"], ["x"], ["tax-"]])
def test_what_is_not_past_its_term_is_not_prepared(past, chosen):
    with pytest.raises(retention.NotPastItsTerm):
        retention.prepare(chosen, by=past.keeper)
    with pytest.raises(retention.NothingChosen):
        retention.prepare([], by=past.keeper)
    assert not Purge.objects.exists()


def item(purge: Purge, **fields) -> PurgeItem:
    return PurgeItem.objects.create(purge=purge, **fields)


def test_database_itself_refuses_what_is_not_past_its_term(past):
    """Whatever the program lists: the year that runs, the sixth year, a day of its own making, who is here."""
    purge = Purge.objects.create(prepared_by=past.keeper)
    year = datetime.now(UTC).year
    wrong = [
        {"term": "tax", "year": year - 6, "past_on": date(year + 1, 1, 1)},
        {"term": "tax", "year": year - 6, "past_on": date(2020, 1, 1)},
        {"term": "wages", "year": year - 3, "past_on": date(2020, 1, 1)},
        {"term": "file", "person": past.ana, "past_on": date(2020, 1, 1)},
        {"term": "file", "person": past.leo, "past_on": date(2019, 6, 28)},
        {"term": "forever", "year": 1990, "past_on": date(2020, 1, 1)},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            item(purge, **fields)
    assert item(purge, term="tax", year=year - 7, past_on=date(year, 1, 1))


def test_file_waits_for_the_last_tax_year(past):
    """Who was paid once more after leaving is kept as long as that year's tax records."""
    recent = PayRun.objects.create(
        period=past.run.period,
        kind="offcycle",
        pay_on=date(datetime.now(UTC).year - 3, 3, 1),
        through=long_ago.MONDAY,
        because="Oubli",
        prepared_at=datetime.now(UTC),
        prepared_by=past.keeper,
        digest="0" * 64,
    )
    PayStub.objects.create(
        run=recent, person=past.leo, kind="stub", language="fr-ca", facts=long_ago._facts(past.leo, "1")
    )
    assert f"file-{past.leo.pk}" not in keys()
    purge = Purge.objects.create(prepared_by=past.keeper)
    with pytest.raises(IntegrityError, match="not past its term"), transaction.atomic():
        item(purge, term="file", person=past.leo, past_on=date(2019, 6, 29))


def test_who_came_back_since_the_list_was_made_is_not_destroyed(past):
    purge = everything(past)
    make.mandate(past.leo)
    with pytest.raises(retention.NotPastItsTerm), transaction.atomic():
        retention.execute(purge, by=past.issuer)
    with pytest.raises(IntegrityError, match="not past its term"), transaction.atomic():
        Purge.objects.filter(pk=purge.pk).update(executed_by=past.issuer, executed_at=datetime.now(UTC))
    assert Person.objects.get(pk=past.leo.pk).given_name == "Zébulon"
    assert StubDocument.objects.count() == 2


def test_row_of_another_year_or_person_is_not_listed(past):
    purge = Purge.objects.create(prepared_by=past.keeper)
    of_year = item(purge, term="wages", year=2012, past_on=date(2016, 1, 1))
    document = StubDocument.objects.first()
    for name, pk in (("payroll_stubdocument", document.pk), ("members_person", past.leo.pk)):
        with pytest.raises(IntegrityError, match="not of what is past"), transaction.atomic():
            PurgedRow.objects.create(item=of_year, table_name=name, row_id=pk)
    with pytest.raises(ProgrammingError), transaction.atomic():  # a table that nothing destroys
        PurgedRow.objects.create(item=of_year, table_name="members_journalentry", row_id=1)


def _run_sql(statement: str, *values) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_rows_stay_final_before_beside_and_after_a_purge(past):
    """Listing alone opens nothing; while it is carried out, only what is listed goes, and only so."""
    document, other = StubDocument.objects.order_by("pk")
    line = StubLine.objects.first()
    purge = retention.prepare(["tax-2012"], by=past.keeper)
    with pytest.raises(IntegrityError, match="final"):
        _run_sql("DELETE FROM payroll_stubdocument WHERE id = %s", document.pk)
    with pytest.raises(IntegrityError, match="Nothing is destroyed but by"):
        _run_sql("SELECT payroll_stubdocument_purge(%s)", purge.pk)
    PurgedRow.objects.filter(table_name="payroll_stubdocument", row_id=other.pk).delete()
    with transaction.atomic():
        purge.executed_by, purge.executed_at = past.issuer, datetime.now(UTC)
        purge.save()
        for statement, pk in (
            ("DELETE FROM payroll_stubdocument WHERE id = %s", other.pk),  # not listed
            ("UPDATE payroll_stubdocument SET sha256 = repeat('b', 64) WHERE id = %s", document.pk),
            ("DELETE FROM payroll_stubline WHERE id = %s", line.pk),
            ("UPDATE payroll_stubline SET amount = 0 WHERE id = %s", line.pk),
            ("DELETE FROM payroll_paystub WHERE id = %s", document.stub_id),
            ("UPDATE payroll_paystub SET inputs = '', pensionable = 5 WHERE id = %s", document.stub_id),
            ("UPDATE payroll_paystub SET facts = '{}' WHERE id = %s", document.stub_id),
            (
                "UPDATE timesheets_timeentry SET minutes = 1 WHERE person_id = %s",
                past.leo.pk,
            ),
            ("UPDATE timesheets_timeentry SET note = 'x' WHERE person_id = %s", past.leo.pk),
            ("DELETE FROM members_journalentry WHERE seq > %s", 0),
        ):
            with pytest.raises(IntegrityError):
                _run_sql(statement, pk)
        _run_sql("DELETE FROM payroll_stubdocument WHERE id = %s", document.pk)  # listed: it goes
        transaction.set_rollback(True)
    assert StubDocument.objects.count() == 2


def test_list_stays_as_it_was_prepared(past):
    purge = everything(past)
    retention.execute(purge, by=past.issuer)
    for statement in (
        "DELETE FROM members_purge WHERE id = %s",
        "UPDATE members_purge SET executed_at = NULL, executed_by_id = NULL, running_in = NULL WHERE id = %s",
        "UPDATE members_purge SET running_in = pg_current_xact_id()::text::bigint WHERE id = %s",
        "DELETE FROM members_purgeitem WHERE purge_id = %s",
        "UPDATE members_purgeitem SET year = 2000 WHERE purge_id = %s",
        "DELETE FROM members_purgedrow WHERE item_id IN (SELECT id FROM members_purgeitem WHERE purge_id = %s)",
    ):
        with pytest.raises(IntegrityError):
            _run_sql(statement, purge.pk)
    with pytest.raises(retention.AlreadyDone):
        retention.execute(purge, by=past.issuer)
    with pytest.raises(retention.AlreadyDone):
        retention.withdraw(purge, by=past.keeper)


def test_list_that_no_longer_fits_destroys_nothing(past):
    purge = everything(past)
    TaxProfile.objects.filter(person=past.ana).delete()
    with pytest.raises(retention.ListChanged), transaction.atomic():
        retention.execute(purge, by=past.issuer)
    assert StubDocument.objects.count() == 2
    retention.withdraw(purge, by=past.keeper)
    assert not PurgedRow.objects.exists()
    assert everything(past)


def test_one_list_waits_at_a_time(past):
    everything(past)
    with pytest.raises(Exception, match="attend déjà"):
        everything(past)


@pytest.mark.django_db(transaction=True)
def test_purge_that_is_not_in_the_journal_is_undone():
    past = long_ago.coop()
    purge = retention.prepare(["tax-2012"], by=past.keeper)
    with pytest.raises(IntegrityError, match="written in the journal"):
        _run_sql(
            "UPDATE members_purge SET executed_by_id = %s, executed_at = now() WHERE id = %s",
            past.issuer.pk,
            purge.pk,
        )
    assert not Purge.objects.get().is_executed
    retention.execute(purge, by=past.issuer)  # committed: what the deferred trigger asks is there
    assert not StubDocument.objects.exists()
    # The transaction is over: what was listed is as final as anything.
    stub = PayStub.objects.first()
    with pytest.raises(IntegrityError, match="final"):
        _run_sql("UPDATE payroll_paystub SET inputs = '' WHERE id = %s", stub.pk)


def test_role_of_the_pages_destroys_by_this_act_and_no_other(past):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE koumbit_purge_test")
        call_command("app_role", "koumbit_purge_test", stdout=io.StringIO())
    purge = everything(past)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE koumbit_purge_test")
    with pytest.raises(ProgrammingError, match="permission denied"):
        _run_sql("DELETE FROM payroll_stubdocument")
    retention.execute(purge, by=past.issuer)
    assert not StubDocument.objects.exists()


# On screen ----------------------------------------------------------------------------------------


def entered(person) -> Client:
    client = Client()
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": "essai-essai-essai"})
    return client


def test_two_people_walk_through_the_pages(past):
    keeper, issuer = entered(past.keeper), entered(past.issuer)
    page = keeper.get(reverse("members:past_terms")).content.decode()
    assert f"Personal file of {past.leo}" in page
    assert "Tax records, 2012" in page
    assert "1 January 2019" in page
    assert "N-1.1, r. 6" in page
    answer = keeper.post(
        reverse("members:purge_prepare"), {"chosen": ["tax-2012"], "because": "Rien à garder"}
    )
    purge = Purge.objects.get()
    assert answer.url == reverse("members:past_terms")
    url, destroy = (reverse(f"members:{name}", args=[purge.pk]) for name in ("purge", "purge_execute"))
    assert destroy not in keeper.get(url).content.decode()
    assert destroy in issuer.get(url).content.decode()
    assert keeper.post(destroy).status_code == 403
    asked_again = Client()
    asked_again.force_login(past.issuer)
    assert asked_again.post(destroy).url.startswith(reverse("account_reauthenticate"))
    assert StubDocument.objects.exists()
    assert "Destroy what is listed?" in issuer.get(destroy).content.decode()
    said = issuer.post(destroy, follow=True).content.decode()
    assert "What was listed is destroyed" in said
    assert not StubDocument.objects.exists()
    assert f"carried out by {past.issuer}" in keeper.get(reverse("members:past_terms")).content.decode()


@pytest.mark.parametrize("others", [0, 3])
def test_page_asks_the_same_number_of_questions_whoever_left(past, others, django_assert_num_queries):
    for _one in range(others):
        someone = make.person("Parti", kind=None)
        Membership.objects.create(person=someone, starts_on=long_ago.BEGAN, ends_on=long_ago.LEFT_ON)
    client = entered(past.keeper)
    client.get(reverse("members:past_terms"))
    with django_assert_num_queries(71):
        page = client.get(reverse("members:past_terms")).content.decode()
    assert page.count("Personal file of") == 1 + others


def test_list_is_withdrawn_from_its_page(past):
    keeper = entered(past.keeper)
    keeper.post(reverse("members:purge_prepare"), {"chosen": keys()})
    keeper.post(reverse("members:purge_withdraw", args=[Purge.objects.get().pk]))
    assert not Purge.objects.exists()
    assert StubDocument.objects.count() == 2
    said = keeper.post(reverse("members:purge_prepare"), follow=True).content.decode()
    assert "Choose at least one thing" in said
