"""Why, what is missing, what limits: the codes and figures of `roles.rotation`, in sentences for members."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from koumbit.formats import hours as written
from koumbit.formats import number as figure
from koumbit.formats import percent
from members.models import Person

from .models import Dimension, Task
from .proposal_ids import member_id, number, role_id, task_id
from .rotation.large import cost
from .rotation.outcome import Breach, Outcome, Shortfall
from .rotation.reasons import WORTH_SAYING, Reason


@dataclass(frozen=True)
class Names:
    """What the identifiers of a problem stand for, in the order of the pages."""

    people: Mapping[str, Person]
    tasks: Mapping[str, Task]

    def person(self, identifier: str) -> str:
        return str(self.people.get(identifier, "–"))

    def task(self, identifier: str) -> str:
        return str(self.tasks.get(identifier, "–"))

    def role(self, identifier: str | None) -> str:
        found = (task.role for task in self.tasks.values() if role_id(task.role_id) == identifier)
        return str(next(found, "–"))

    def listed(self, identifiers: list[str]) -> str:
        """People, by name."""
        return _enumerated([self.person(one) for one in identifiers])

    def works(self, identifiers: list[str]) -> str:
        """Tasks, by name; a role all of whose tasks are there by its own."""
        asked = dict.fromkeys(identifiers)
        whole: dict[str, list[str]] = {}
        for key, task in self.tasks.items():
            whole.setdefault(role_id(task.role_id), []).append(key)
        found = []
        for key in asked:
            tasks = whole.get(role_id(self.tasks[key].role_id), []) if key in self.tasks else []
            if len(tasks) > 1 and all(one in asked for one in tasks):
                if key == min(tasks, key=list(asked).index):
                    found.append(_("all of “%(role)s”") % {"role": self.tasks[key].role})
            else:
                found.append(_("“%(task)s”") % {"task": self.task(key)})
        return _enumerated(found)


def _enumerated(words: list[str]) -> str:
    """Several things as one says them: one, another and a third."""
    if len(words) < 2:
        return words[0] if words else "–"
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def names_of(problem: Mapping[str, Any]) -> Names:
    """The people and the tasks of a kept problem. Two queries."""
    people = Person.objects.filter(pk__in=[number(row["id"]) for row in problem["members"]]).by_name()
    tasks = Task.objects.filter(pk__in=[number(row["id"]) for row in problem["tasks"]])
    tasks = tasks.select_related("role").order_by("role__name", "name")
    return Names({member_id(one.pk): one for one in people}, {task_id(one.pk): one for one in tasks})


def hours(amount: float) -> str:
    """Hours of a plan, as hours are written everywhere."""
    return written(round(amount * 60)) or "0"


def points(amount: float) -> str:
    return figure(Decimal(str(round(amount, 2))), 2)


def dimension(code: str) -> str:
    return str(Dimension(code).label)


# What is asked and not given ----------------------------------------------------------------------


def shortfall(one: Shortfall, names: Names) -> str:
    """One thing that is missing, in a sentence."""
    first, _slash, second = one.subject.partition("/")
    said = {"hours": hours(one.amount), "count": round(one.amount)}
    if one.kind == "uncovered_hours":
        return _("“%(task)s”: %(hours)s remain to be covered.") % (said | {"task": names.task(first)})
    if one.kind == "missing_people":
        return ngettext(
            "“%(task)s”: %(count)s more person is needed.",
            "“%(task)s”: %(count)s more people are needed.",
            said["count"],
        ) % (said | {"task": names.task(first)})
    if one.kind == "mandate_hours":
        return _("%(person)s keeps “%(task)s” by a term: %(hours)s of it are missing.") % (
            said | {"person": names.person(first), "task": names.task(second)}
        )
    if one.kind == "touch_hours":
        return _("It is %(person)s’s turn to come near “%(role)s”: %(hours)s are missing for it.") % (
            said | {"person": names.person(first), "role": names.role(second)}
        )
    sentences = {
        "minimum_hours": _("%(person)s has %(hours)s less than the least agreed."),
        "under_load": _("%(person)s has %(hours)s less than their part of the common load."),
        "over_load": _("%(person)s has %(hours)s more than their part of the common load."),
    }
    return sentences[one.kind] % (said | {"person": names.person(first)})


def breach(one: Breach, names: Names) -> str:
    """A rule that an edit by hand breaks, in a sentence."""
    first, _slash, second = one.subject.partition("/")
    pair = {"person": names.person(first), "task": names.task(second)}
    if one.kind == "refused":
        return _("%(person)s does not take “%(task)s”.") % pair
    if one.kind == "skill":
        return _("%(person)s is not autonomous in “%(task)s”, and is not there to learn it.") % pair
    if one.kind == "chunk":
        return _("%(person)s has %(hours)s of “%(task)s”: less than its smallest part (%(limit)s).") % (
            pair | {"hours": hours(one.amount), "limit": hours(one.limit)}
        )
    said = {"person": names.person(first), "task": names.task(first), "limit": round(one.limit)}
    if one.kind in ("max_hours", "task_hours", "learner_share"):
        said |= {"hours": hours(one.amount), "limit": hours(one.limit)}
    sentences = {
        "max_hours": _("%(person)s has %(hours)s, more than their %(limit)s in the period."),
        "max_tasks": _("%(person)s has more than %(limit)s tasks."),
        "max_roles": _("%(person)s has more than %(limit)s roles."),
        "task_hours": _("“%(task)s” is given %(hours)s, and has %(limit)s."),
        "max_people": _("“%(task)s” is held by more than %(limit)s people."),
        "learner_share": _("“%(task)s”: learners have %(hours)s, more than the %(limit)s open to them."),
        "mentors": _("“%(task)s”: too many learners for those who teach it."),
    }
    return sentences[one.kind] % said


# Why somebody is given a task ---------------------------------------------------------------------


def reason(one: Reason, names: Names) -> str:
    """Why, in a few words."""
    about = one.about
    if one.code == "mandate":
        return _("holds the role by a term")
    if one.code == "rotation":
        mentors = names.listed(about.get("mentors", []))
        if about.get("mentors"):
            return _("their turn to come near this role, with %(mentors)s") % {"mentors": mentors}
        return _("their turn to come near this role")
    if one.code == "learning":
        return _("learns it, with %(mentors)s") % {"mentors": names.listed(about["mentors"])}
    if one.code == "scarce":
        if about["others"]:
            return ngettext(
                "only %(others)s could do it alone too",
                "only %(others)s could do it alone too",
                len(about["others"]),
            ) % {"others": names.listed(about["others"])}
        return _("the only one who can do it alone")
    if one.code == "continuity":
        if abs(about["now"] - about["then"]) < 0.5:
            return _("goes on as now")
        return _("goes on, with %(then)s instead of %(now)s") % {
            "now": hours(about["now"]),
            "then": hours(about["then"]),
        }
    if one.code == "mentor":
        return _("teaches %(learners)s") % {"learners": names.listed(about["learners"])}
    if one.code == "backup":
        return ngettext(
            "so that %(count)s person knows it", "so that %(count)s people know it", about["people"]
        ) % {"count": about["people"]}
    if one.code == "balance":
        return _("without it the gap in %(dimension)s would be %(without)s instead of %(with)s") % {
            "dimension": dimension(about["dimension"]),
            "without": points(about["without"]),
            "with": points(about["with"]),
        }
    return _("has the hours and can do it")


# What limits, and what could be relaxed -----------------------------------------------------------

FAMILIES = {
    "refusals": gettext_lazy("if nobody refused a task"),
    "mandates": gettext_lazy("if terms did not keep their hours"),
    "touch": gettext_lazy("if nobody came near another role"),
    "max_tasks": gettext_lazy("if people took more tasks"),
    "max_roles": gettext_lazy("if people took more roles"),
    "max_people": gettext_lazy("if more people shared a task"),
    "min_people": gettext_lazy("if one person a task were enough"),
    "chunk": gettext_lazy("if tasks could be cut into smaller parts"),
    "learners": gettext_lazy("if learners could do all of a task"),
    "skills": gettext_lazy("if everybody could do everything"),
    "max_hours": gettext_lazy("if everybody had 25 % more hours"),
}


def explanation(one: Mapping[str, Any], names: Names) -> str:
    """What limits the plan, in a sentence."""
    if one["kind"] == "too_heavy":
        return _too_heavy(one, names)
    if one["kind"] == "relax":
        freed = 1 - one["cost_without"] / one["cost_now"] if one["cost_now"] else 0
        return _("%(percent)s of what is missing would be found %(family)s.") % {
            "percent": percent(Decimal(round(100 * freed)) / 100, 0),
            "family": FAMILIES[one["family"]],
        }
    if one["kind"] == "refusals":
        if one["gap"] - one["gap_without"] < WORTH_SAYING:
            return _("The tasks that some do not take put nobody farther from the mean.")
        return _(
            "Because of tasks that some do not take, the largest gap is %(points)s at least; "
            "it could be %(without)s otherwise."
        ) % {"points": points(one["gap"]), "without": points(one["gap_without"])}
    said = {
        "person": names.person(one["member"]),
        "dimension": dimension(one["dimension"]),
        "points": points(abs(one["deviation"])),
    }
    sentences = {
        "band": _("The largest gap is %(person)s’s: %(points)s in %(dimension)s, within the band."),
        "own_tasks": _(
            "The largest gap is %(person)s’s: %(points)s in %(dimension)s. What they can do allows no less."
        ),
        "mandates": _(
            "The largest gap is %(person)s’s: %(points)s in %(dimension)s. "
            "What they keep by a term allows no less."
        ),
        "others": _(
            "The largest gap is %(person)s’s: %(points)s in %(dimension)s. "
            "To make it smaller, others would have to move."
        ),
    }
    return sentences[one["limited_by"]] % said


def _too_heavy(one: Mapping[str, Any], names: Names) -> str:
    """Which tasks ask more than the people who may do them can give."""
    said = {
        "tasks": names.works(one["tasks"]),
        "need": hours(one["need"]),
        "give": hours(one["can_give_at_most"]),
        "missing": hours(one["missing"]),
        "people": names.listed(one["members"]),
        "learners": hours(one.get("learners_give", 0.0)),
    }
    if len(one["tasks"]) == len(names.tasks):
        return (
            _("All the tasks together ask %(need)s; people have %(give)s for them: %(missing)s are missing.")
            % said
        )
    if not one["members"] and not one["can_give_at_most"]:
        return _("%(tasks)s: %(need)s are asked, and nobody can do it.") % said
    if not one["members"]:
        return (
            _(
                "%(tasks)s: %(need)s are asked, and learners alone can do %(give)s of it: %(missing)s are missing."
            )
            % said
        )
    if one.get("learners_give"):
        return (
            _(
                "%(tasks)s: %(need)s are asked; only %(people)s can do it, for %(give)s at most with the "
                "%(learners)s of those who learn it; %(missing)s are missing."
            )
            % said
        )
    return (
        _(
            "%(tasks)s: %(need)s are asked; only %(people)s can do it, for %(give)s at most; "
            "%(missing)s are missing."
        )
        % said
    )


# Why not me? --------------------------------------------------------------------------------------


def bar(code: str, names: Names, pair: tuple[str, str]) -> str:
    """The rule that keeps somebody from a task."""
    said = {"person": names.person(pair[0]), "task": names.task(pair[1])}
    sentences = {
        "refused": _("%(person)s said they do not take “%(task)s”."),
        "not_learning": _(
            "%(person)s is not autonomous in this role. Saying that they wish to learn it opens “%(task)s” to them."
        ),
        "wish": _(
            "%(person)s is not autonomous in this role. What it would change that they learn “%(task)s” "
            "is theirs to ask: nobody else is told of wishes."
        ),
        "learner_share": _("What “%(task)s” opens to learners is less than its smallest part."),
        "no_hours": _("%(person)s does not have enough hours for the smallest part of “%(task)s”."),
        "closed": _("“%(task)s” is not open in this period."),
        "rules": _("No plan that keeps the rules gives “%(task)s” to %(person)s."),
    }
    return sentences[code] % said


def price(before: Outcome, after: Outcome) -> str:
    """What everybody would pay for another plan, in a sentence: the dearest thing first."""
    if cost(after) > cost(before) + 1.0:
        return _("More would be missing than in the proposal.")
    if after.max_deviation > before.max_deviation + WORTH_SAYING:
        return _("The largest gap would be %(after)s instead of %(before)s.") % {
            "after": points(after.max_deviation),
            "before": points(before.max_deviation),
        }
    if after.sum_excess > before.sum_excess + WORTH_SAYING:
        return _("Nothing more would be missing, and some would be farther from the mean.")
    more = (after.hours_moved or 0.0) - (before.hours_moved or 0.0)
    if more >= 1.0:
        return _(
            "Nothing more would be missing and nobody be farther from the mean; %(hours)s more would change hands."
        ) % {"hours": hours(round(more))}
    return _("It would cost the others nothing: the proposal did as well without.")
