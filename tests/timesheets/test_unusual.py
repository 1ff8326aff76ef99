from datetime import date, timedelta

import pytest
from django.utils import translation

from timesheets.habits import Habits, PastWeek
from timesheets.unusual import signals
from timesheets.week_sums import WeekSum, Worked

MONDAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en-ca"):
        yield


def worked(day: int, hours: float, task="Paie", **fields) -> Worked:
    return Worked(date(2026, 11, day), round(hours * 60), task, **fields)


def told(lines, agreed_hours=35) -> list[str]:
    return [text.replace("\u00a0", " ") for text in signals(WeekSum.of(lines), agreed_hours * 60)]


def test_usual_week_says_nothing():
    assert told([worked(day, 7) for day in range(2, 7)]) == []
    assert told([], agreed_hours=0) == []


def test_long_week_long_day_and_weekend_are_told():
    assert told(
        [worked(2, 12.5), *[worked(day, 7) for day in range(3, 7)], worked(7, 2)], agreed_hours=40
    ) == [
        "2 h 30 beyond 40 h",
        "12 h 30 on Monday 2 November",
        "2 h on the weekend",
    ]


def test_twelve_hours_and_forty_hours_are_not_told():
    assert told([worked(2, 12), *[worked(day, 7) for day in range(3, 7)]], agreed_hours=40) == []


@pytest.mark.parametrize(
    ("hours", "agreed", "sentence"),
    [
        (26, 35, ["9 h less than agreed"]),
        (28.5, 35, []),
        (18, 14, ["4 h more than agreed"]),
        (17, 14, []),
        (17, 0, []),
    ],
)
def test_week_far_from_agreed_hours_is_told(hours, agreed, sentence):
    share = hours / 4
    assert told([worked(day, share) for day in range(2, 6)], agreed) == sentence


def test_new_task_is_named_once_and_not_once_it_is_approved():
    lines = [worked(2, 7, "Paie", is_new_task=True), worked(3, 7, "Paie", is_new_task=True)]
    assert told(lines, 14) == ["First time on: Paie"]
    assert told([worked(2, 7, "Paie", is_new_task=True, is_final=True)], 0) == []


def test_answers_late_hours_and_corrections_are_told_first():
    lines = [
        worked(2, 7, is_final=True),
        worked(3, 6, question="Pourquoi?"),
        worked(2, -1, is_correction=True),
    ]
    assert told(lines, 12) == [
        "Comes back after a question (1)",
        "5 h to approve, the rest is approved already",
        "Correction of −1 h on Monday 2 November",
    ]


# Habits -------------------------------------------------------------------------------------------


def habits(*hours: float, weekend=0) -> Habits:
    first = date(2026, 8, 3)
    return Habits(
        tuple(
            PastWeek(first + timedelta(7 * number), round(total * 60), weekend)
            for number, total in enumerate(hours)
        )
    )


def told_of(lines, past, agreed_hours=35) -> list[str]:
    return [
        text.replace("\u00a0", " ") for text in signals(WeekSum.of(lines), agreed_hours * 60, habits=past)
    ]


def test_a_week_is_compared_with_the_persons_own_once_they_have_habits():
    lines = [worked(day, 8.2) for day in range(2, 7)]
    assert (
        told_of(lines, habits(32, 31.5, 32, 33, 32))
        == ["9 h more than their usual 32 h", "1 h beyond 40 h"][::-1]
    )
    assert told_of(lines, habits(32, 31.5, 32)) == ["1 h beyond 40 h", "6 h more than agreed"][:1]


def test_whoever_always_works_less_than_agreed_is_not_told_each_week():
    lines = [worked(day, 5) for day in range(2, 7)]
    assert told(lines) == ["10 h less than agreed"]
    assert told_of(lines, habits(25, 24, 26, 25, 27)) == []


def test_irregular_weeks_widen_what_is_usual_and_one_odd_week_does_not():
    lines = [worked(day, 6) for day in range(2, 7)]
    assert told_of(lines, habits(10, 40, 20, 30, 15, 38)) == []
    assert told_of([worked(2, 10)], habits(35, 35, 35, 35, 0)) == ["25 h less than their usual 35 h"]


def test_weekends_are_told_only_of_whoever_does_not_work_them():
    lines = [*[worked(day, 7) for day in range(2, 7)], worked(7, 2)]
    assert told_of(lines, habits(35, 36, 37, 36)) == ["2 h on the weekend"]
    assert told_of(lines, habits(35, 36, 37, 36, weekend=60)) == []


def test_work_on_a_statutory_holiday_is_told_by_name():
    lines = [Worked(date(2026, 12, 25), 120, "Paie")]
    assert "2 h on Christmas Day" in told(lines, agreed_hours=0)


def test_hours_written_down_long_after_are_told():
    lines = [worked(2, 7)]
    told_late = signals(WeekSum.of(lines), 0, submitted_on=date(2026, 11, 20))
    assert told_late == ["Submitted 18 days after the last day worked"]
    assert signals(WeekSum.of(lines), 0, submitted_on=date(2026, 11, 16)) == []


def test_leave_that_counts_in_a_comparison_is_said():
    lines = [worked(day, 6.5) for day in (2, 3, 5, 6)]
    leave = {date(2026, 11, 4): 4 * 60}
    (sentence,) = signals(WeekSum.of(lines), 25 * 60, leave)
    assert sentence.replace("\u00a0", " ") == "5 h more than agreed (4 h of leave included)"
    usual = Habits(tuple(PastWeek(MONDAY - timedelta(7 * n), 25 * 60, 0) for n in range(1, 7)))
    (sentence,) = signals(WeekSum.of(lines), 25 * 60, leave, usual)
    assert sentence.replace("\u00a0", " ") == "5 h more than their usual 25 h (4 h of leave included)"
