"""The lists of things to do at each step of somebody's path: opened by the step itself, ticked by people.

What the system knows by itself (`known`) is shown from the facts: nobody ticks it, and the database refuses
that too (`members_known_is_not_ticked`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from koumbit.refusals import Refused
from koumbit.rows import locked, write

from . import journal, known
from .models import Cooperative, ListItem, Person, Power, Step, StepItem, StepList
from .powers import Author, NotAllowed, demand, holds_any, person_of
from .usual_lists import OF_SHARES, USUAL

journal.name_events(
    {
        "members.list_opened": gettext_lazy("list of a step opened"),
        "members.step_done": gettext_lazy("thing to do at a step done"),
        "members.step_undone": gettext_lazy("thing to do at a step not done after all"),
        "members.companion_named": gettext_lazy("who accompanies somebody named"),
        "members.lists_changed": gettext_lazy("lists of steps changed"),
    }
)

#: Whose mandates open the lists of others.
POWERS = (Power.ADMIT_PEOPLE, Power.PREPARE_PAY)
#: A step recorded later than this after its day opens no list by itself: it was long ago.
STILL_NEWS = timedelta(days=31)


class NotTheirList(NotAllowed):
    def __init__(self):
        super().__init__(
            sentence=_(
                "A list is ticked by the person it is about, by who accompanies them, and by those who admit "
                "people or prepare pay."
            )
        )


class IsKnown(Refused):
    sentence = gettext_lazy("The system knows this by itself: nobody ticks it.")


class NothingToDo(Refused):
    sentence = gettext_lazy("The co-op's list for this step is empty: fill it in first.")


class HasLists(Refused):
    sentence = gettext_lazy("There are lists already: change them line by line.")


@dataclass
class Line:
    """A thing to do on somebody's list, and how it stands: ticked, or known by the system.

    `url` is where it is seen or done, for a reader who may open it.
    """

    item: StepItem
    answer: known.Answer
    url: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.item.item.known)

    @property
    def is_done(self) -> bool:
        return self.answer.state is known.State.DONE


# Somebody's list ---------------------------------------------------------------------------------


def open_list(person: Person, step: Step, on: date, *, by: Author | None) -> StepList | None:
    """Open the list of a step, for the step that calls for it; None when it is old news or there is no list."""
    if on < timezone.localdate() - STILL_NEWS:
        return None
    return _open(person, step, on, by)


@transaction.atomic
def open_by_hand(person: Person, *, by: Person, step: str, on: date) -> StepList:
    """Open the list of a step whose day has passed, or that nothing called for. Twice is once."""
    demand(by, Power.ADMIT_PEOPLE)
    opened = _open(person, Step(step), on, by)
    if opened is None:
        raise NothingToDo
    return opened


def _open(person: Person, step: Step, on: date, by: Author | None) -> StepList | None:
    items = list(ListItem.objects.filter(step=step, retired_on=None))
    if not items:
        return None
    opened = StepList.objects.filter(person=person, step=step, on=on).first()
    if opened is None:
        opened = StepList(person=person, step=step, on=on, opened_by=person_of(by) if by else None)
        write(opened)
        StepItem.objects.bulk_create(StepItem(list=opened, item=item) for item in items)
        journal.record("members.list_opened", by=by, id=opened.pk, person=person.pk, step=step.value)
    return opened


def see(reader: Person, powers: Iterable[str]):
    """The lists somebody reads: their own, those of whom they accompany, all with the powers."""
    lists = StepList.objects.select_related("person", "companion")
    if not set(powers).isdisjoint(POWERS):
        return lists
    return lists.filter(person=reader) | lists.filter(companion=reader)


def lines_of(lists: Sequence[StepList]) -> dict[int, list[Line]]:
    """What there is to do on each of these lists; what does not concern the person is left out."""
    found: dict[int, list[Line]] = {one.pk: [] for one in lists}
    items = list(
        StepItem.objects.filter(list__in=list(found))
        .select_related("item", "done_by")
        .order_by("list", "item__position", "pk")
    )
    asked = {
        code: known.answers(code, [one for one in lists if one.pk in those])
        for code, those in _lists_by_code(items).items()
    }
    for item in items:
        if item.item.known:
            answer = asked[item.item.known][item.list_id]
        else:
            answer = known.Answer(known.State.DONE, item.done_on) if item.done_by_id else known.TO_DO
        if answer.state is not known.State.NOTHING:
            found[item.list_id].append(Line(item, answer))
    return found


def _lists_by_code(items: Iterable[StepItem]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for item in items:
        if item.item.known:
            found.setdefault(item.item.known, set()).add(item.list_id)
    return found


def _demand_list(one: StepList, by: Person) -> None:
    if by.pk not in {one.person_id, one.companion_id} and not holds_any(by, POWERS):
        raise NotTheirList


@transaction.atomic
def tick(item: StepItem, *, by: Person) -> None:
    """It is done, today, by who says so. Twice is once."""
    item = locked(item)
    _demand_list(item.list, by)
    if item.item.known:
        raise IsKnown
    if item.done_by_id is None:
        item.done_by, item.done_on = by, timezone.localdate()
        write(item)
        journal.record("members.step_done", by=by, id=item.pk, list=item.list_id)


@transaction.atomic
def untick(item: StepItem, *, by: Person) -> None:
    """It is not done after all."""
    item = locked(item)
    _demand_list(item.list, by)
    if item.done_by_id is not None:
        item.done_by = item.done_on = None
        write(item)
        journal.record("members.step_undone", by=by, id=item.pk, list=item.list_id)


@transaction.atomic
def accompany(one: StepList, *, by: Person, companion: Person | None) -> None:
    """Say who accompanies the person through this step; they read the list and tick it too."""
    demand(by, Power.ADMIT_PEOPLE)
    one = locked(one)
    one.companion = companion
    write(one)
    journal.record(
        "members.companion_named", by=by, list=one.pk, companion=companion.pk if companion else None
    )


# The co-op's lists -------------------------------------------------------------------------------


def write_usual_lists() -> None:
    """Lay out the usual lists, in both languages: at the founding, or for who asks."""
    cooperative, rows = Cooperative.objects.first(), []
    for position, (step, sentence, code) in enumerate(USUAL, start=1):
        if code == OF_SHARES and cooperative is not None and not cooperative.has_shares:
            continue
        texts = {}
        for language in (Cooperative.Language.FRENCH, Cooperative.Language.ENGLISH):
            with translation.override(language):
                texts[language] = gettext(sentence)
        rows.append(
            ListItem(
                step=step,
                text_fr=texts[Cooperative.Language.FRENCH],
                text_en=texts[Cooperative.Language.ENGLISH],
                known=code,
                position=position,
            )
        )
    ListItem.objects.bulk_create(rows)


@transaction.atomic
def take_usual_lists(*, by: Person) -> None:
    """Start from the usual lists, where there is none."""
    demand(by, Power.ADMIT_PEOPLE)
    if ListItem.objects.select_for_update().exists():
        raise HasLists
    write_usual_lists()
    journal.record("members.lists_changed", by=by)


@transaction.atomic
def add_item(*, by: Person, step: str, text_fr: str, text_en: str = "") -> ListItem:
    """One more thing to do at a step, last; on the lists that open from now on."""
    demand(by, Power.ADMIT_PEOPLE)
    last = ListItem.objects.aggregate(last=Max("position"))["last"] or 0
    item = ListItem(step=step, text_fr=text_fr.strip(), text_en=text_en.strip(), position=last + 1)
    write(item)
    journal.record("members.lists_changed", by=by, item=item.pk)
    return item


@transaction.atomic
def reword_item(item: ListItem, *, by: Person, text_fr: str, text_en: str = "") -> ListItem:
    """Say it otherwise on the lists that open from now on; those that are open keep what they said."""
    demand(by, Power.ADMIT_PEOPLE)
    item = locked(item)
    if (item.text_fr, item.text_en) == (text_fr.strip(), text_en.strip()) or item.retired_on:
        return item
    other = ListItem(
        step=item.step,
        text_fr=text_fr.strip(),
        text_en=text_en.strip(),
        known=item.known,
        position=item.position,
    )
    write(other)
    item.retired_on = timezone.localdate()
    write(item)
    journal.record("members.lists_changed", by=by, item=other.pk, replaces=item.pk)
    return other


@transaction.atomic
def retire_item(item: ListItem, *, by: Person) -> None:
    """It is on no list that opens from now on."""
    demand(by, Power.ADMIT_PEOPLE)
    item = locked(item)
    if item.retired_on is None:
        item.retired_on = timezone.localdate()
        write(item)
        journal.record("members.lists_changed", by=by, retired=item.pk)


@transaction.atomic
def bring_back_item(item: ListItem, *, by: Person) -> None:
    """It is on the lists that open from now on, again."""
    demand(by, Power.ADMIT_PEOPLE)
    item = locked(item)
    if item.retired_on is not None:
        item.retired_on = None
        write(item)
        journal.record("members.lists_changed", by=by, item=item.pk)


@transaction.atomic
def move_up(item: ListItem, *, by: Person) -> None:
    """Earlier by one among the things to do of its step."""
    demand(by, Power.ADMIT_PEOPLE)
    list(ListItem.objects.select_for_update().filter(step=item.step).values("pk"))
    item = locked(item)
    before = (
        ListItem.objects.filter(step=item.step, retired_on=None, position__lt=item.position)
        .order_by("-position")
        .first()
    )
    if before is not None:
        ListItem.objects.filter(pk=before.pk).update(position=F("position") + item.position - before.position)
        ListItem.objects.filter(pk=item.pk).update(position=before.position)
        journal.record("members.lists_changed", by=by, item=item.pk)
