"""Who opens what: every address there is, with its policy and its name, as members read it and as tests try it.

The addresses are those of the resolver, the policies those the views declare (`members.access`), the
names those that each `urls.py` gives as `PAGES`: nothing is written twice, so the table cannot say
something else than what happens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.urls import get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from koumbit.forms import plain

from .access import ANYONE, EVERYBODY, SIGNED_IN, WITH_A_KEY
from .account_pages import ACCOUNT_PAGES
from .models import Power

#: A part of the table: what it is about, and how each of its pages is called, by the name of its address.
Part = tuple[Promise, Mapping[str, Promise]]
ACCOUNTS: Part = (
    _("Signing in and security"),
    {name: page.called for name, page in ACCOUNT_PAGES.items()},
)


@dataclass(frozen=True)
class Address:
    """An address: its name, what fills it, the view behind it; which part of the table it is in, and as what."""

    name: str
    parameters: dict[str, Any]
    view: Any
    part: Promise | None = None
    called: Promise | None = None

    def __str__(self):
        return self.name

    @property
    def policy(self) -> str | frozenset[str] | None:
        """Who opens it at all: `ANYONE`, `SIGNED_IN`, `WITH_A_KEY`, or one of some powers. None: nobody said."""
        page = ACCOUNT_PAGES.get(self.name)
        return page.policy if page else getattr(self.view, "policy", None)

    @property
    def others(self) -> str | frozenset[str]:
        """Who opens it about somebody else: `EVERYBODY`, or one of these powers; without any, nobody."""
        if self.name in ACCOUNT_PAGES:
            return frozenset()
        return self.view.others

    @property
    def is_of_a_common_thing(self) -> bool:
        """Does it name what is everybody's, on which each sees and writes of themselves?"""
        return getattr(self.view, "is_of_a_common_thing", False)

    @property
    def is_public(self) -> bool:
        return self.policy == ANYONE

    @property
    def is_for_a_program(self) -> bool:
        return self.policy == WITH_A_KEY

    @property
    def is_for_every_member(self) -> bool:
        return self.policy == SIGNED_IN

    @property
    def is_the_same_for_all(self) -> bool:
        return self.others == EVERYBODY

    @property
    def powers(self) -> list[Power]:
        """The powers that open it, or that open it about somebody else, in the order of `Power`."""
        return [power for power in Power if not isinstance(self.others, str) and power in self.others]

    def opens_to(self, powers: frozenset[str]) -> bool:
        """Does it open, be it for what is theirs alone, to a member who holds these powers?"""
        return not isinstance(self.policy, frozenset) or not self.policy.isdisjoint(powers)

    def needs_one_of(self, power: str) -> bool:
        """Is it opened, at all or about somebody else, by this power?"""
        return not isinstance(self.others, str) and power in self.others


@lru_cache(maxsize=1)
def addresses() -> tuple[Address, ...]:
    """Every address, in the order of the parts of the table; those nobody named come last."""
    resolver = get_resolver()
    found_parts = parts(resolver)
    named = {name: (part, called) for part, names in found_parts for name, called in names.items()}
    # Of two with one name the first is served: ours stands before the library's.
    found = {name: (filled, view) for name, filled, view in reversed(list(_walk(resolver, "", {})))}
    order = {name: place for place, name in enumerate(named)}
    return tuple(
        Address(name, *found[name], *named.get(name, (None, None)))
        for name in sorted(found, key=lambda name: (order.get(name, len(order)), name))
    )


def parts(resolver) -> list[Part]:
    """The parts of the table as each `urls.py` gives them, names in full."""
    return [*_parts(resolver, ""), ACCOUNTS]


def _walk(resolver, namespace: str, above: dict) -> Iterator[tuple[str, dict, Any]]:
    for pattern in resolver.url_patterns:
        parameters = above | pattern.pattern.converters
        parameters |= dict.fromkeys(
            key for key in pattern.pattern.regex.groupindex if key not in pattern.pattern.converters
        )
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern, _inner(pattern, namespace), parameters)
        else:
            yield f"{namespace}{pattern.name}", parameters, pattern.callback


def _parts(resolver, namespace: str) -> Iterator[Part]:
    for part, names in getattr(resolver.urlconf_module, "PAGES", ()):
        yield part, {f"{namespace}{name}": called for name, called in names.items()}
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _parts(pattern, _inner(pattern, namespace))


def _inner(pattern, namespace: str) -> str:
    return f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace


@dataclass
class Rows:
    """A part of the table, as far as it was asked for."""

    part: Promise
    pages: list[Address] = field(default_factory=list)


def table(*, words: str = "", opened_by: str = "", powers: frozenset[str] = frozenset()) -> list[Rows]:
    """The table, part by part: pages whose name or part has these words, opened as asked.

    `opened_by`: `public`, `member` (without a mandate), `mine` (with `powers`, the reader's), a power,
    or nothing for all.
    """
    wanted = plain(words).split()
    shown: dict[str, Rows] = {}
    for page in addresses():
        said = plain(f"{page.part} {page.called}")
        if all(word in said for word in wanted) and _is_opened_by(page, opened_by, powers):
            shown.setdefault(str(page.part), Rows(page.part)).pages.append(page)
    return list(shown.values())


def _is_opened_by(page: Address, asked: str, powers: frozenset[str]) -> bool:
    match asked:
        case "":
            return True
        case "public":
            return page.is_public
        case "member":
            return page.opens_to(frozenset())
        case "mine":
            return page.opens_to(powers)
        case power:
            return page.needs_one_of(power)
