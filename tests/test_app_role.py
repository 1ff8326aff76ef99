"""In production the pages' database role can do what the pages do, and nothing else."""

from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from members import adopting, governance, journal, objectives, shares
from members.models import Mandate, Objective, Power
from tests import make
from timesheets import workflow

pytestmark = pytest.mark.django_db
FINAL = {
    "members_addendum",
    "members_confirmation",
    "members_decision",
    "members_execution",
    "members_incident",
    "members_incidentfollowup",
    "members_interest",
    "members_motionversion",
    "members_objective",
    "members_objectivechange",
    "members_objectivereading",
    "members_remark",
    "members_shareentry",
    "payroll_employmentrecord",
    "members_journalentry",
    "payroll_deposit",
    "payroll_depositfile",
    "payroll_filereading",
    "payroll_hourlyrate",
    "payroll_paystub",
    "payroll_remittance",
    "payroll_slip",
    "payroll_stubdocument",
    "payroll_stubline",
    "roles_proposaledit",
    "roles_publishedrating",
    "roles_roleversion",
    "roles_tasksuccession",
    "roles_taskversion",
    "timesheets_entryversion",
    "timesheets_linemessage",
    "timesheets_nudge",
    "timesheets_sheetdecision",
}


@pytest.fixture
def as_app():
    """From here on the test is the application's own role."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE koumbit_app_test")
        said = StringIO()
        call_command("app_role", "koumbit_app_test", stdout=said)
        assert set(said.getvalue().strip().removesuffix(".").split(": ")[1].split(", ")) == FINAL

    def become():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE koumbit_app_test")

    return become


def test_role_does_the_work_of_the_pages(as_app):
    ana = make.person("Ana")
    week = make.sheet(ana, hours={"mon": 7})
    as_app()
    workflow.submit(week, by=ana)
    assert journal.first_broken_line() is None
    ana.sheets.get().decisions.get()


@time_machine.travel("2026-11-20T15:00:00Z")
def test_role_does_what_decisions_do(as_app):
    """Rows that stay as they are are waited for too, without the right to change them."""
    make.cooperative(share_value=Decimal("10.00"))
    make.rate("21.50")
    keeper, second = (make.member(name) for name in ("Ana", "Bob"))
    body = make.committee([Power.SET_RATE, Power.PREPARE_PAY, Power.ISSUE_PAY])
    for person in (keeper, second):
        Mandate.objects.create(committee=body, person=person, starts_on=make.LONG_AGO)
    aim = Objective.objects.create(
        body=body,
        decision=make.decision(),
        title="Un jardin",
        starts_on=make.LONG_AGO,
        ends_on=timezone.localdate(),
    )
    as_app()
    said = {"adopted_on": timezone.localdate(), "title": "Taux", "text": "Taux"}
    rate = {"act": "payroll.set_rate", "fields": {"amount": "60.00"}}
    decision = governance.record_decision(body, by=keeper, **said, **rate)
    adopting.confirm(decision, by=second)
    assert decision.execution
    objectives.write_down(aim, by=keeper, on=timezone.localdate(), words="Semé")
    subscribed = shares.subscribe(keeper, by=second, on=timezone.localdate(), shares=2)
    shares.reverse(subscribed, by=second)
    fields = {"act": "members.give_up_objective", "fields": {"objective": str(aim.pk), "why": "Gel"}}
    decision = governance.record_decision(body, by=keeper, **said, **fields)
    adopting.confirm(decision, by=second)
    assert aim.changes.get().is_given_up


@pytest.mark.parametrize("table", sorted(FINAL))
@pytest.mark.parametrize(
    "act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {}"]
)
def test_role_changes_nothing_that_stays(as_app, table, act):
    as_app()
    _refused(
        act.format(table).replace(
            "SET id = id", "SET seq = seq" if table == "members_journalentry" else "SET id = id"
        )
    )


@pytest.mark.parametrize(
    "act",
    ["CREATE TABLE x (y int)", "DELETE FROM django_migrations", "SET session_replication_role = replica"],
)
def test_role_does_not_touch_the_schema(as_app, act):
    as_app()
    _refused(act)


def test_role_that_does_not_exist_is_told():
    with pytest.raises(CommandError, match="CREATE ROLE nobody_there"):
        call_command("app_role", "nobody_there")


def test_superuser_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolsuper LIMIT 1")
        (name,) = cursor.fetchone()
    with pytest.raises(CommandError, match="is a superuser"):
        call_command("app_role", name)


def _refused(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
