"""A cooperative of any size that has worked and been paid for years, written straight into a scratch database.

Run as `python -m benchmarks.seed PEOPLE YEARS`; prints, as JSON, what the measures need. Ten lines a
week for each person, every past period paid, the last one approved and not paid yet, last week a
draft for two people in three and waiting for the committee for the others. The triggers that
refuse sit out the seeding, and are back, always enabled, before anything is measured.
"""

import json
import sys
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import django
from django.conf import settings
from django.db import connection

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.utils import timezone  # noqa: E402

from members.models import (  # noqa: E402
    Committee,
    CommitteePower,
    Cooperative,
    Decision,
    Mandate,
    Person,
    Power,
    WorkStatus,
)
from payroll.models import HourlyRate, PayPeriod, PayRun, TaxProfile  # noqa: E402
from payroll.periods import calendar_of  # noqa: E402
from roles.models import Role, Task  # noqa: E402
from timesheets import committee  # noqa: E402
from timesheets.models import WeekSheet  # noqa: E402

WEEK = timedelta(days=7)
RATE = Decimal("21.50")
LINES_OF_A_WEEK = 10
MINUTES_OF_A_LINE = 210

SHEETS = """
INSERT INTO timesheets_weeksheet (person_id, starts_on, state, submitted_at, approved_at, approved_by_id)
SELECT p.id, week::date, 'approved', week + interval '5 days', week + interval '7 days', %(approver)s
FROM members_person p, generate_series(%(first)s::timestamp, %(last)s::timestamp, '7 days') AS week
WHERE p.email LIKE 'worker%%'
"""
LAST_WEEK = """
INSERT INTO timesheets_weeksheet (person_id, starts_on, state, submitted_at, handed_in)
SELECT p.id, %(last_week)s, CASE WHEN p.id %% 3 = 0 THEN 'submitted' ELSE 'draft' END,
       CASE WHEN p.id %% 3 = 0 THEN now() END, CASE WHEN p.id %% 3 = 0 THEN '{}'::jsonb END
FROM members_person p WHERE p.email LIKE 'worker%%'
"""
ENTRIES = """
INSERT INTO timesheets_timeentry
    (sheet_id, person_id, day, task_id, minutes, note, reason, question, approved_at, approved_by_id)
SELECT s.id, s.person_id, s.starts_on + line %% 5, t.ids[1 + (s.person_id + line / 5) %% array_length(t.ids, 1)],
       %(minutes)s, CASE WHEN line = 3 THEN 'Rencontre avec le client' ELSE '' END, '', '',
       s.approved_at, s.approved_by_id
FROM timesheets_weeksheet s, generate_series(0, %(lines)s - 1) AS line,
     (SELECT array_agg(id ORDER BY id) AS ids FROM roles_task) AS t
"""
APPROVED_BY_TASK = """
INSERT INTO timesheets_taskmonth (month, task_id, project_id, minutes)
SELECT date_trunc('month', day)::date, task_id, project_id, sum(minutes)
FROM timesheets_timeentry WHERE approved_at IS NOT NULL GROUP BY 1, 2, 3
"""
APPROVED_BY_WEEK = """
UPDATE timesheets_weeksheet s SET approved_minutes = of_week.minutes, approved_weekend_minutes = of_week.weekend
FROM (SELECT sheet_id, sum(minutes) AS minutes,
             coalesce(sum(minutes) FILTER (WHERE extract(isodow FROM day) >= 6), 0) AS weekend
      FROM timesheets_timeentry WHERE approved_at IS NOT NULL GROUP BY sheet_id) AS of_week
WHERE s.id = of_week.sheet_id
"""
APPROVED_BY_PERSON = """
INSERT INTO timesheets_personmonth (month, person_id, minutes)
SELECT date_trunc('month', day)::date, person_id, sum(minutes)
FROM timesheets_timeentry WHERE approved_at IS NOT NULL GROUP BY 1, 2
"""
STUBS = """
INSERT INTO payroll_paystub
    (run_id, person_id, kind, language, facts, inputs, editions, pensionable, insurable, nonperiodic, nonperiodic_f5)
SELECT r.id, p.id, 'stub', 'fr-ca', jsonb_build_object('number', r.id || '-' || p.id,
       'person', jsonb_build_object('name', p.given_name || ' ' || p.family_name),
       'period_starts_on', d.starts_on, 'period_ends_on', d.ends_on, 'pay_on', r.pay_on, 'year_to_date', '{}'::jsonb),
       '', '', 1505, 1505, 0, 0
FROM payroll_payrun r JOIN payroll_payperiod d ON d.id = r.period_id, members_person p
WHERE p.email LIKE 'worker%%'
"""
STUBS_COUNTED = """
UPDATE payroll_payrun r SET stub_count = (SELECT count(*) FROM payroll_paystub s WHERE s.run_id = r.id)
"""
HOURS_PAID = """
INSERT INTO payroll_stubline (stub_id, side, code, week_starts_on, minutes, rate, amount, reason)
SELECT s.id, 'earning', 'regular', d.starts_on + 7 * week, %(week_minutes)s, %(rate)s, %(week_amount)s, ''
FROM payroll_paystub s JOIN payroll_payrun r ON r.id = s.run_id JOIN payroll_payperiod d ON d.id = r.period_id,
     generate_series(0, 1) AS week
"""
WITHHELD = """
INSERT INTO payroll_stubline (stub_id, side, code, amount, reason)
SELECT s.id, amounts.side, amounts.code, amounts.amount, ''
FROM payroll_paystub s, (VALUES
    ('deduction', 'federal_tax', 85.12), ('deduction', 'quebec_tax', 121.40), ('deduction', 'qpp', 85.74),
    ('deduction', 'qpip', 6.47), ('deduction', 'ei', 19.57), ('employer', 'qpp', 85.74),
    ('employer', 'qpip', 9.06), ('employer', 'ei', 27.40), ('employer', 'hsf', 24.83)
) AS amounts (side, code, amount)
"""
DOCUMENTS = """
INSERT INTO payroll_stubdocument (stub_id, pdf, sha256)
SELECT s.id, convert_to('%%PDF ' || s.id, 'UTF8'), encode(sha256(convert_to('%%PDF ' || s.id, 'UTF8')), 'hex')
FROM payroll_paystub s
"""
BARE_ROWS = """
CREATE TABLE benchmark_row (id serial PRIMARY KEY, owner int, name text, amount numeric(10, 2), day date);
INSERT INTO benchmark_row (owner, name, amount, day)
SELECT n %% 1000, 'Name ' || n, n / 100.0, date '2026-01-01' + n %% 365 FROM generate_series(1, 100000) AS n;
CREATE INDEX ON benchmark_row (owner, id)
"""


def main(people: int, years: int) -> dict:
    today = timezone.localdate()
    last_week = today - timedelta(days=today.weekday()) - WEEK
    weeks = years * 52 // 2 * 2
    first_week, unpaid_from = last_week - weeks * WEEK, last_week - 2 * WEEK
    started_on = first_week - 52 * WEEK
    holder, issuer = _people(people, started_on)
    _registry()
    cooperative = Cooperative.objects.create(
        pk=1,
        name="Coopérative mesurée",
        address="1, rue de la Mesure\nMontréal (Québec)  H2X 1Y4",
        first_period_on=first_week,
        leave_paid_from=first_week,
        yearly_payroll=40_000 * people,
    )
    assembly = Committee.objects.get()
    decision = Decision.objects.create(
        body=assembly, adopted_on=started_on, effective_on=started_on, title="Taux unique", text="Taux unique"
    )
    HourlyRate.objects.create(starts_on=started_on, amount=RATE, decision=decision)
    last_paid = unpaid_from - WEEK
    triggers = _pause_triggers()
    values = {"approver": holder.pk, "first": first_week, "last": last_week - WEEK, "last_week": last_week}
    week_minutes = LINES_OF_A_WEEK * MINUTES_OF_A_LINE
    with connection.cursor() as cursor:
        cursor.execute(SHEETS, values)
        cursor.execute(LAST_WEEK, values)
        cursor.execute(ENTRIES, {"lines": LINES_OF_A_WEEK, "minutes": MINUTES_OF_A_LINE})
        _sum_what_waits()
        cursor.execute(APPROVED_BY_TASK)
        cursor.execute(APPROVED_BY_PERSON)
        cursor.execute(APPROVED_BY_WEEK)
        _runs(cooperative, first_week, last_paid, holder, issuer)
        cursor.execute(STUBS)
        cursor.execute(STUBS_COUNTED)
        paid = {"week_minutes": week_minutes, "rate": RATE, "week_amount": RATE * week_minutes / 60}
        cursor.execute(HOURS_PAID, paid)
        cursor.execute(WITHHELD)
        cursor.execute(DOCUMENTS)
        cursor.execute(BARE_ROWS % ())
        for table, trigger in triggers:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{trigger}"')
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM timesheets_timeentry")
        (entries,) = cursor.fetchone()
    # A draft: whoever's number is not a multiple of three.
    worker = Person.objects.filter(email__startswith="worker").order_by("pk").extra(where=["id %% 3 <> 0"])[0]
    return {
        "entries": entries,
        "week": last_week.isoformat(),
        "period": unpaid_from.isoformat(),
        "holder": holder.pk,
        "issuer": issuer.pk,
        "cookie": settings.SESSION_COOKIE_NAME,
        "sessions": {"worker": _session(worker), "holder": _session(holder)},
    }


def _people(count: int, started_on: date) -> tuple[Person, Person]:
    """The workers, and two people who hold every power and log no hours."""
    workers = Person.objects.bulk_create(
        [
            Person(
                email=f"worker{n}@example.org",
                given_name=f"Prénom{n}",
                family_name=f"Nom{n % 997}",
                password="!",
                born_on=date(1990, 1, 1) + timedelta(days=n % 5000),
            )
            for n in range(count)
        ],
        batch_size=1000,
    )
    WorkStatus.objects.bulk_create(
        [
            WorkStatus(
                person=worker,
                kind="salaried",
                tenure="permanent",
                agreed_minutes_per_week=35 * 60,
                job_title="Membre",
                starts_on=started_on,
            )
            for worker in workers
        ],
        batch_size=1000,
    )
    TaxProfile.objects.bulk_create(
        [TaxProfile(person=worker, sin="", starts_on=started_on, declared_by=worker) for worker in workers],
        batch_size=1000,
    )
    assembly = Committee.objects.create(name="Assemblée", starts_on=started_on)
    for power in Power:
        CommitteePower.objects.create(committee=assembly, power=power, starts_on=started_on)
    keepers = [
        Person.objects.create(email=f"keeper{n}@example.org", given_name="Gardienne", password="!")
        for n in (1, 2)
    ]
    for keeper in keepers:
        Mandate.objects.create(committee=assembly, person=keeper, starts_on=started_on)
    return keepers[0], keepers[1]


def _registry() -> None:
    for role in range(10):
        kept = Role.objects.create(name=f"Rôle {role}")
        Task.objects.bulk_create([Task(role=kept, name=f"Tâche {role}.{n}") for n in range(4)])


def _sum_what_waits() -> None:
    """Each week that waits for the committee keeps its sum, as when its owner hands it in."""
    for sheet in WeekSheet.objects.filter(state=WeekSheet.State.SUBMITTED):
        sheet.handed_in = committee.in_sum(committee.entries_of(sheet)).kept()
        sheet.save(update_fields=["handed_in"])


def _runs(cooperative: Cooperative, first: date, last: date, holder: Person, issuer: Person) -> None:
    calendar, day = calendar_of(cooperative), first
    while day <= last:
        due = calendar.period_of(day)
        period = PayPeriod.objects.create(
            starts_on=due.starts_on, ends_on=due.ends_on, pay_on=due.pay_on, pays_in_year=due.pays_in_year
        )
        PayRun.objects.create(
            period=period,
            pay_on=due.pay_on,
            prepared_at=timezone.now(),
            prepared_by=holder,
            issued_at=timezone.now(),
            issued_by=issuer,
            digest="0" * 64,
            journal_hash="0" * 64,
        )
        day = due.ends_on + timedelta(days=1)


def _pause_triggers() -> list[tuple[str, str]]:
    """Disable our triggers; return them, to be enabled again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        triggers = cursor.fetchall()
        for table, trigger in triggers:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"')
    return triggers


def _session(person: Person) -> str:
    """The key of an open session, as if the person had just signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
