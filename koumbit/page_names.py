"""How the pages that belong to no app are called in the access table, and those included at the root."""

from django.utils.translation import gettext_lazy as _

from members.access_table import Part
from timesheets.page_names import API

PAGES: tuple[Part, ...] = (
    (
        _("Everywhere"),
        {
            "home": _("Home"),
            "welcome": _("Welcome, after the first password"),
            "privacy": _("Personal information: what is kept and why"),
            "language": _("Change the language"),
            "invitation": _("Accept an invitation, from the link received"),
            "demonstration_enter": _("Enter the demonstration, where it is turned on"),
            "service_worker": _("The script that opens weeks without network"),
            "health": _("Health of the installation"),
        },
    ),
    *API,
)
