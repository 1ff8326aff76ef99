"""The sum of a week that waits: reckoned when it is handed in, gone when the week leaves the committee's hands."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.models import Power
from tests import make
from timesheets import committee, drafts, workflow
from timesheets.seen import digest_of, lines_of
from timesheets.week_sums import WeekSum, Worked

MONDAY = date(2026, 11, 2)
LINES = st.lists(
    st.builds(
        Worked,
        st.sampled_from([MONDAY + timedelta(n) for n in range(7)]),
        st.integers(-1440, 1440).filter(bool),
        st.sampled_from(["Paie", "Facturation"]),
        st.sampled_from(["Administration", "Réseau"]),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["", "Pourquoi?"]),
    )
)


@given(LINES)
def test_a_sum_is_read_as_it_was_kept(lines):
    week = WeekSum.of(lines, "digest")
    assert WeekSum.read(json.loads(json.dumps(week.kept()))) == week


@given(LINES)
def test_minutes_are_all_there_by_role_and_by_day(lines):
    week = WeekSum.of(lines)
    total = sum(line.minutes for line in lines)
    assert week.minutes == total == sum(minutes for _role, minutes in week.by_role)
    assert week.to_approve == sum(line.minutes for line in lines if not line.is_final)
    assert list(week.by_day) == sorted({line.day for line in lines})


@pytest.mark.django_db
def test_what_is_kept_is_the_sum_of_the_lines_as_long_as_they_wait():
    make.cooperative()
    ana, bob = make.person("Ana"), make.person("Bob", powers=[Power.APPROVE_HOURS])
    sheet = make.sheet(
        ana, starts_on=MONDAY, hours={"mon": 7, "tue": 3}, task=make.task("Paie", role="Administration")
    )

    def kept() -> WeekSum | None:
        sheet.refresh_from_db()
        return sheet.handed_in and WeekSum.read(sheet.handed_in)

    assert kept() is None
    workflow.submit(sheet, by=ana)
    assert kept() == committee.in_sum(committee.entries_of(sheet))
    assert (kept().by_role, kept().new_tasks) == ([("Administration", 600)], ["Paie"])
    workflow.withdraw(sheet, by=ana)
    assert kept() is None

    make.sheet(ana, starts_on=MONDAY, hours={"wed": 2})
    workflow.submit(sheet, by=ana)
    asked = sheet.entries.get(day=MONDAY)
    seen = digest_of(lines_of(sheet.entries.all()))
    assert kept().digest == seen
    workflow.approve(sheet, by=bob, seen=seen, questions={asked.pk: "Tout?"})
    assert kept() is None
    sheet.refresh_from_db()
    workflow.submit(sheet, by=ana)
    again = kept()
    assert (again.minutes, again.to_approve, again.questions, again.has_approved) == (720, 420, 1, True)
    workflow.approve(sheet, by=bob, seen=again.digest)
    assert kept() is None

    drafts.correct(sheet.entries.get(day=MONDAY + timedelta(1)), 60, reason="Deux de trop", by=ana)
    sheet.refresh_from_db()
    workflow.submit(sheet, by=ana)
    assert kept().corrections == [(MONDAY + timedelta(1), -120)]
    workflow.send_back(sheet, by=bob, because="Non", seen=kept().digest)
    assert kept() is None
