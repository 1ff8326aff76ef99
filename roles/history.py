"""What a role said, one saying after the other: each beside what it became."""

from dataclasses import dataclass
from datetime import datetime

from members.models import Person

from .models import Role, RoleVersion

SAID = (
    "name",
    "aim",
    "authority",
    "limits",
    "support",
    "skills_asked",
    "succession",
    "term_months",
    "max_consecutive_terms",
)


@dataclass(frozen=True)
class Change:
    """Somebody wrote the role otherwise: each thing said, as it was and as it became."""

    at: datetime
    by: Person | None
    said: list[tuple[str, str, str]]


def of_role(role: Role) -> list[Change]:
    """The changes of a role, the latest first, in one query."""
    versions = list(RoleVersion.objects.filter(role=role).select_related("written_by").order_by("-pk"))
    after: Role | RoleVersion = role
    found = []
    for before in versions:
        said = [
            (str(Role._meta.get_field(name).verbose_name), _said(before, name), _said(after, name))
            for name in SAID
            if getattr(before, name) != getattr(after, name)
        ]
        found.append(Change(before.until, after.written_by, said))
        after = before
    return found


def _said(role: Role | RoleVersion, name: str) -> str:
    value = getattr(role, name)
    return "" if value is None else str(value)
