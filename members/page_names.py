"""How the pages about people, committees and decisions are called in the access table."""

from django.utils.translation import gettext_lazy as _

from .access_table import Part

PAGES: tuple[Part, ...] = (
    (
        _("People"),
        {
            "register": _("Register of people, as of a day"),
            "me": _("My page"),
            "person": _("A person’s page: work, membership, mandates"),
            "person_contact": _("Read somebody’s address and date of birth: they see it"),
            "person_change": _("Change contact data"),
            "person_admit": _("Enter a person"),
            "invite": _("Invite a person"),
            "work_start": _("Start a work status"),
            "work_change": _("Change a work status"),
            "work_end": _("End a work status"),
            "membership_start": _("Start a membership"),
            "membership_end": _("End a membership"),
            "person_close": _("Close an account"),
            "person_reopen": _("Reopen an account"),
            "messages": _("Messages to me"),
            "my_data": _("Export my data"),
            "export_fetch": _("Fetch an archive of my data"),
        },
    ),
    (
        _("Committees and decisions"),
        {
            "committees": _("Committees, their powers and who sits on them"),
            "committee": _("A committee’s page"),
            "committee_create": _("Create a committee"),
            "committee_change": _("Change a committee’s name or aim"),
            "committee_dissolve": _("Dissolve a committee"),
            "power_grant": _("Grant a power to a committee"),
            "power_withdraw": _("Withdraw a power"),
            "mandate_give": _("Give a mandate to somebody else"),
            "mandate_end": _("End a mandate: one’s own, or another’s"),
            "decisions": _("Decisions"),
            "decision": _("A decision and what was done in its name"),
            "decision_record": _("Record a decision of a committee one sits on"),
            "cooperative": _("What the cooperative says of itself"),
            "cooperative_change": _("Change the cooperative’s facts and settings"),
        },
    ),
    (
        _("Trust"),
        {
            "journal": _("Journal of acts, and its proof"),
            "access": _("Who opens what: this table"),
            "incidents": _("Register of confidentiality incidents"),
            "incident": _("A confidentiality incident, and following it up"),
            "incident_record": _("Record a confidentiality incident"),
            "incidents_csv": _("Register of confidentiality incidents (CSV)"),
            "incidents_xlsx": _("Register of confidentiality incidents (XLSX)"),
            "past_terms": _("What is past its term"),
            "purge": _("A list of what is destroyed"),
            "purge_prepare": _("Prepare the destruction of what is past its term"),
            "purge_execute": _("Carry a destruction out, as the second person"),
            "purge_withdraw": _("Withdraw a destruction that was prepared"),
        },
    ),
)
