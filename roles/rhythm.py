"""How long the periods of this co-op are: whoever needs a period asks here."""

from members.models import Cooperative

from .periods import Periods


def periods_of(cooperative: Cooperative | None) -> Periods:
    """The periods a co-op chose; quarters from Monday as long as there is no co-op."""
    return (
        Periods() if cooperative is None else Periods(cooperative.sharing_weeks, cooperative.week_starts_on)
    )
