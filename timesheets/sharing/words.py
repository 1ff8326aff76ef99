"""Why somebody stands where they stand, in one sentence."""

from fractions import Fraction

from django.utils.translation import gettext as _

from roles.balance import Band, Standing
from roles.models import Dimension
from roles.templatetags.points import points, share

from .balance import Sharing


def why(found: Sharing, person: int, dimension: str) -> str:
    """One sentence about one's own position in a dimension, with the task that weighs most."""
    standing = found.whole.standings[person]
    if standing.deviation is None:
        return _("No approved hours in these periods: there is nothing to compare, and nothing is owed.")
    parts = found.parts(person, dimension)
    distance = standing.deviation[dimension]
    name = Dimension(dimension).label
    if standing.band(dimension) == Band.WITHIN:
        return _(
            "%(dimension)s: an hour of yours is worth that of the co-op, within the quarter point agreed on."
        ) % {"dimension": _capital(name)}
    leading = next(part for part in parts if _same_side(part.points, distance))
    said = {
        "dimension": _capital(name),
        "points": points(abs(distance), 2),
        "task": found.tasks[leading.task] if leading.task else _("hours to be classified"),
        "share": share(leading.share),
        "usual": share(leading.usual),
        "rating": points(leading.rating),
    }
    if distance > 0:
        return (
            _(
                "%(dimension)s: %(points)s above the mean of the co-op, above all because %(share)s of your hours "
                "go to “%(task)s” (rated %(rating)s), against %(usual)s for the co-op."
            )
            % said
        )
    return (
        _(
            "%(dimension)s: %(points)s below the mean of the co-op, above all because %(share)s of your hours "
            "go to “%(task)s” (rated %(rating)s), against %(usual)s for the co-op."
        )
        % said
    )


def notes(found: Sharing, standing: Standing) -> list[str]:
    """What to know before reading somebody's figures."""
    said = []
    if standing.score is None:
        said.append(_("no hours"))
    if standing.has_few_hours:
        said.append(_("few hours"))
    if standing.score is not None and not standing.is_solid:
        said.append(_("few rated tasks"))
    if found.is_new(standing.person):
        said.append(_("new here"))
    if standing.unclassified:
        said.append(
            _("%(share)s to be classified") % {"share": share(standing.unclassified / standing.hours)}
        )
    if found.unpaid.get(standing.person):
        said.append(_("%(share)s unpaid") % {"share": share(found.unpaid[standing.person] / standing.hours)})
    return said


def _same_side(one: Fraction, other: Fraction) -> bool:
    return (one > 0) == (other > 0) and one != 0


def _capital(text: str) -> str:
    return str(text)[:1].upper() + str(text)[1:]
