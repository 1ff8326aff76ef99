"""Answers typed beside the warnings of a pay that is being prepared: kept until it is, whatever page one goes to.

Kept by person and page, on the server: they are there again on another device. They stay once the pay is
prepared, for whoever withdraws it and starts over; those that nobody touched for two months go.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from members.models import Person, Power
from members.powers import demand

from .models import KeptAnswers

FORGOTTEN_AFTER = timedelta(days=60)
#: How many texts a page keeps, and how long each: what its form takes, and nothing that fills a disk.
MOST, LONGEST = 200, 300


def page_of(first: date) -> str:
    """The page of a regular pay, by the first day of its period."""
    return str(first)


def page_apart(through: date, pay_on: date, people: Iterable[int]) -> str:
    """The page of an off-cycle pay: these people, up to a day, paid on another."""
    chosen = hashlib.sha256(" ".join(str(pk) for pk in sorted(people)).encode()).hexdigest()[:16]
    return f"{through} {pay_on} {chosen}"


def of(person: Person, page: str) -> dict[str, str]:
    """What this person typed on that page and has not used yet, by the name of its field."""
    kept = KeptAnswers.objects.filter(person=person, page=page).values_list("typed", flat=True).first()
    return kept or {}


@transaction.atomic
def keep(page: str, typed: Mapping[str, str], *, by: Person) -> None:
    """Keep what was typed on a page; a field that was emptied is forgotten."""
    demand(by, Power.PREPARE_PAY)
    now = timezone.now()
    KeptAnswers.objects.filter(kept_at__lt=now - FORGOTTEN_AFTER).delete()
    draft, _is_new = KeptAnswers.objects.select_for_update(of=("self",)).get_or_create(
        person=by, page=page, defaults={"kept_at": now}
    )
    plain = {name: text.replace("\x00", "").strip()[:LONGEST] for name, text in typed.items()}
    draft.typed = dict(
        list({name: text for name, text in (draft.typed | plain).items() if text}.items())[-MOST:]
    )
    draft.kept_at = now
    draft.save(update_fields=["typed", "kept_at"])
