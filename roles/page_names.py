"""How the pages about roles and tasks are called in the access table."""

from django.utils.translation import gettext_lazy as _

from members.access_table import Part

PAGES: tuple[Part, ...] = (
    (
        _("Roles and tasks"),
        {
            "registry": _("Registry of roles and tasks"),
            "role_versions": _("What a role and its tasks said before"),
            "role_create": _("Create a role"),
            "role_change": _("Change what a role says"),
            "role_merge": _("Merge a role into another"),
            "role_retire": _("Retire a role"),
            "role_bring_back": _("Bring a role back"),
            "task_carriers": _("Who carries a task, and did"),
            "task_create": _("Create a task"),
            "task_change": _("Change what a task says"),
            "task_split": _("Split a task"),
            "task_merge": _("Merge tasks"),
            "task_retire": _("Retire a task"),
            "task_bring_back": _("Bring a task back"),
            "task_assign": _("Give a task to somebody"),
            "assignment_end": _("Hand a task over: its last day"),
            "renewals": _("Terms that end and roles that are open"),
            "term_give": _("Give a role for a term"),
            "term_end": _("End a term: one’s own, or another’s"),
            "opening_create": _("Open a role to candidacies"),
            "opening": _("A role that is open, and putting oneself forward"),
            "opening_step_back": _("Take back one’s candidacy"),
            "opening_settle": _("Say who holds a role that was open"),
            "opening_close": _("Close an opening that nobody fills"),
        },
    ),
    (
        _("Opinions and learning"),
        {
            "ratings": _("My ratings of tasks"),
            "rating_give": _("Rate a task"),
            "rating_compare": _("Rate a task by comparing it"),
            "ratings_published": _("Published ratings"),
            "ratings_contested": _("Tasks to talk about"),
            "standing": _("My level in a role, and my wish to learn it"),
            "skill_confirm": _("Sign off somebody’s level, by who is autonomous in the role"),
            "refusals": _("Tasks I do not take"),
        },
    ),
)
