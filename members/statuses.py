"""The dated statuses of a person, cut where their pauses begin and end.

What somebody agreed to lasts over a pause; the rows say what holds each day. Acts therefore change the
stretches of what was agreed, and the rows are written from them and from the pauses.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from koumbit.dated import day_before
from koumbit.rows import write

from .models import Pause, Person, WorkStatus

TERMS = ("kind", "tenure", "job_title", "agreed")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """Days on which a person works on the same terms, pauses included. `agreed`: minutes a week."""

    starts_on: date
    ends_on: date | None
    kind: str
    tenure: str
    job_title: str
    agreed: int

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def goes_on(self, following: "Stretch") -> bool:
        """Does the following one begin the day after, on the same terms, as where a pause cuts?"""
        return (
            self.ends_on is not None
            and self.ends_on + _DAY == following.starts_on
            and all(getattr(self, name) == getattr(following, name) for name in TERMS)
        )


def stretches_of(person: Person) -> list[Stretch]:
    """What the person agreed to, in order. Their statuses are locked until the transaction ends."""
    found: list[Stretch] = []
    cut_by_pause = False
    statuses = WorkStatus.objects.select_for_update(of=("self",)).filter(person=person).order_by("starts_on")
    for status in statuses:
        own = Stretch(
            status.starts_on,
            status.ends_on,
            status.kind,
            status.tenure,
            status.job_title,
            status.agreed_at_work,
        )
        is_on_pause = status.pause_id is not None
        if found and (cut_by_pause or is_on_pause) and found[-1].goes_on(own):
            found[-1] = replace(found[-1], ends_on=own.ends_on)
        else:
            found.append(own)
        cut_by_pause = is_on_pause
    return found


def rewrite(person: Person, stretches: Iterable[Stretch], *, pauses: Iterable[Pause] | None = None) -> None:
    """Write the rows of these stretches, cut by the person's pauses (or `pauses`, where some are to go).

    A row that begins the same day stays the same row. Raises `ValidationError` with the sentence of the
    constraint that refuses one.
    """
    if pauses is None:
        pauses = Pause.objects.filter(person=person)
    pauses = sorted(pauses, key=lambda pause: pause.starts_on)
    wanted = {
        first: (stretch, last, pause)
        for stretch in stretches
        for first, last, pause in _cut(stretch.starts_on, stretch.ends_on, pauses)
    }
    rows = {row.starts_on: row for row in WorkStatus.objects.filter(person=person)}
    for first in rows.keys() - wanted.keys():
        rows.pop(first).delete()
    # Rows that are there first: they are made shorter before others fill the days they leave.
    for first in sorted(wanted, key=lambda day: (day not in rows, day)):
        stretch, last, pause = wanted[first]
        row = rows.get(first) or WorkStatus(person=person, starts_on=first)
        before = _told(row)
        row.ends_on, row.pause = last, pause
        row.kind, row.tenure, row.job_title = stretch.kind, stretch.tenure, stretch.job_title
        row.agreed_minutes_per_week = 0 if pause else stretch.agreed
        row.agreed_when_back = stretch.agreed if pause else None
        if row.pk is None or _told(row) != before:
            write(row)


def _told(row: WorkStatus) -> tuple:
    return (
        *(row.ends_on, row.pause_id, row.kind, row.tenure, row.job_title),
        *(row.agreed_minutes_per_week, row.agreed_when_back),
    )


def _cut(
    first: date, last: date | None, pauses: Iterable[Pause]
) -> Iterator[tuple[date, date | None, Pause | None]]:
    """The days from `first` to `last`, cut at the pauses: first and last day of each part, and its pause."""
    end, at = last or date.max, first
    for pause in pauses:
        begins, ends = max(pause.starts_on, at), min(pause.ends_on or date.max, end)
        if begins > ends:
            continue
        if at < begins:
            yield at, day_before(begins), None
        yield begins, None if ends == date.max else ends, pause
        if ends == end:
            return
        at = ends + _DAY
    yield at, last, None
