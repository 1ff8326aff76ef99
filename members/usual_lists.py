"""What co-ops usually do when somebody arrives, steps back, returns or leaves: a start, to be adapted.

Each line is a step, a sentence, and the code of what the system knows by itself (`known`) where it does.
"""

from django.utils.translation import gettext_noop as _

from .models import Step

#: Known of member shares: not a thing to do where the legal form knows none.
OF_SHARES = "members.shares_refunded"

USUAL = (
    (Step.ARRIVAL, _("Welcome: the place, the tools, the people"), ""),
    (Step.ARRIVAL, _("Somebody accompanies the person through their first weeks"), "members.companion"),
    (Step.ARRIVAL, _("The account is opened and a password chosen"), "members.signed_in"),
    (Step.ARRIVAL, _("Address and date of birth are on file"), "members.contact"),
    (Step.ARRIVAL, _("Tax forms (TD1, TP-1015.3) are handed in and confirmed"), "payroll.tax_forms"),
    (Step.ARRIVAL, _("Where the pay goes is on file"), "payroll.bank_account"),
    (Step.ARRIVAL, _("Accounts on our other tools are opened"), ""),
    (Step.ARRIVAL, _("Working conditions, how we decide and how hours are logged are explained"), ""),
    (Step.ARRIVAL, _("A first role or task is theirs"), "roles.first_work"),
    (Step.ARRIVAL, _("The first week is handed in"), "timesheets.first_week"),
    (Step.PROBATION, _("We looked back together halfway"), ""),
    (Step.PROBATION, _("The person said how it goes for them"), ""),
    (Step.PROBATION, _("The body that admits heard both sides before the last day"), ""),
    (Step.PAUSE, _("Roles and tasks are handed over or covered"), ""),
    (Step.PAUSE, _("Hours up to the pause are approved"), "timesheets.hours_approved"),
    (Step.PAUSE, _("How we reach each other meanwhile is agreed"), ""),
    (Step.RETURN, _("We told what changed meanwhile"), ""),
    (Step.RETURN, _("A role or task is theirs again"), "roles.first_work"),
    (Step.DEPARTURE, _("Roles, terms and tasks are handed over"), "roles.handed_over"),
    (Step.DEPARTURE, _("Mandates on committees are over"), "members.mandates_over"),
    (Step.DEPARTURE, _("Files, contacts and passwords are handed over"), ""),
    (Step.DEPARTURE, _("Keys and equipment are given back"), ""),
    (Step.DEPARTURE, _("Hours up to the last day are approved"), "timesheets.hours_approved"),
    (Step.DEPARTURE, _("The last pay is issued"), "payroll.last_pay"),
    (Step.DEPARTURE, _("The record of employment is given"), "payroll.record_of_employment"),
    (Step.DEPARTURE, _("Member shares are refunded"), OF_SHARES),
    (Step.DEPARTURE, _("Accounts on our other tools are closed"), ""),
    (Step.DEPARTURE, _("Keys of their own tools open nothing any more"), "timesheets.keys_closed"),
    (Step.DEPARTURE, _("The account here is closed"), "members.account_closed"),
)
