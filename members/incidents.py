"""The register of confidentiality incidents: recorded once, followed up, kept at least five years.

Kept by those who admit people: they keep the personal files, and are those the incidents are told to. No
name belongs in it, so that the register can be shown to the Commission, which may ask for it.
Sources: P-39.1, ss. 3.5 to 3.8; Regulation respecting confidentiality incidents (A-2.1, r. 3.1), ss. 7 and 8.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from koumbit.refusals import Refused
from koumbit.rows import write

from . import journal
from .models import Incident, IncidentFollowUp, Person, Power
from .powers import demand

KEPT_BY = Power.ADMIT_PEOPLE


class NoticedLater(Refused):
    def __init__(self):
        super().__init__(_("The cooperative cannot have become aware of it after today."))


@transaction.atomic
def record(*, by: Person, noticed_on: date, **fields) -> Incident:
    """Write an incident into the register. It stays as it was recorded."""
    demand(by, KEPT_BY)
    if noticed_on > timezone.localdate():
        raise NoticedLater
    incident = Incident(recorded_by=by, noticed_on=noticed_on, **fields)
    write(incident)
    journal.record("members.incident_recorded", by=by, incident=incident.pk, serious=incident.serious_harm)
    return incident


@transaction.atomic
def follow_up(incident: Incident, *, by: Person, text: str, serious_harm: bool) -> IncidentFollowUp:
    """Add what was learnt, done or notified since."""
    demand(by, KEPT_BY)
    added = IncidentFollowUp(incident=incident, text=text, serious_harm=serious_harm, recorded_by=by)
    write(added)
    journal.record("members.incident_followed_up", by=by, incident=incident.pk, serious=serious_harm)
    return added


def is_serious(incident: Incident) -> bool:
    """Is there a risk of serious harm, as it is known now? Follow-ups read beforehand are used."""
    follow_ups = list(incident.follow_ups.all())
    return follow_ups[-1].serious_harm if follow_ups else incident.serious_harm


def table() -> list[list]:
    """The register as rows of cells: the eight fields of the regulation, each incident with its follow-ups."""
    field = Incident._meta.get_field
    names = ("information", "circumstances", "occurred", "noticed_on", "people")
    rows: list[list] = [
        [_("Register of confidentiality incidents"), timezone.localtime().isoformat(timespec="seconds")],
        [
            _("No."),
            *(str(field(name).verbose_name) for name in names),
            str(field("assessment").verbose_name),
            str(field("serious_harm").verbose_name),
            str(field("notices").verbose_name),
            str(field("measures").verbose_name),
            _("Follow-ups"),
            str(field("recorded_at").verbose_name),
            str(field("recorded_by").verbose_name),
        ],
    ]
    incidents = Incident.objects.select_related("recorded_by").prefetch_related("follow_ups__recorded_by")
    for incident in incidents.order_by("pk"):
        people = f"± {incident.people}" if incident.people_is_about else str(incident.people)
        rows.append(
            [
                str(incident.pk),
                incident.information,
                incident.circumstances,
                incident.occurred,
                incident.noticed_on.isoformat(),
                people,
                incident.assessment,
                _("yes") if is_serious(incident) else _("no"),
                incident.notices,
                incident.measures,
                "\n".join(
                    f"{added.recorded_at.date().isoformat()} {added.text}"
                    for added in incident.follow_ups.all()
                ),
                incident.recorded_at.isoformat(timespec="seconds"),
                str(incident.recorded_by),
            ]
        )
    return [*rows, [_("Incidents"), str(len(rows) - 2)]]
