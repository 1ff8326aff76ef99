from django.db import migrations
from django.utils.translation import gettext_noop

from koumbit.sql import append_only, guard, refuse_change

FINAL = gettext_noop("The minutes of this meeting are approved: add what is missing below them.")
CANCELLED = gettext_noop("This meeting is cancelled: call another one.")
STAYS = gettext_noop("Minutes stay: write them again rather than taking them out.")
BY_ANOTHER = gettext_noop(
    "Minutes are approved by somebody who was at the meeting, or by a decision of the body on that day or later."
)
NOT_FINAL = gettext_noop("These minutes are not approved yet: correct them where they are.")
NOT_THERE = gettext_noop("Choose a decision that this body took.")


def refused(sentence: str, name: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"


def approved(meeting: str) -> str:
    """Are the minutes of the meeting whose key this is approved?"""
    return f"EXISTS (SELECT 1 FROM members_minutes s WHERE s.meeting_id = {meeting} AND s.approved_at IS NOT NULL)"


def of_a_meeting(table: str, meeting: str = "{row}.meeting_id", *, unless: str = "false"):
    """Rows of a meeting change no more once its minutes are approved."""
    old, new = meeting.format(row="OLD"), meeting.format(row="NEW")
    name = f"{table}_of_open_minutes"
    return guard(
        table,
        name,
        f"""
        IF TG_OP <> 'INSERT' AND {approved(old)} THEN
            IF TG_OP = 'DELETE' OR NOT ({unless}) THEN
                {refused(FINAL, name)}
            END IF;
        ELSIF TG_OP <> 'DELETE' AND {approved(new)} THEN
            {refused(FINAL, name)}
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
        """,
        timing="BEFORE INSERT OR UPDATE OR DELETE",
    )


class Migration(migrations.Migration):
    dependencies = [("members", "0021_meetings_and_minutes")]

    operations = [
        refuse_change("members_meeting", CANCELLED, when="OLD.cancelled_at IS NOT NULL"),
        of_a_meeting("members_meeting", "{row}.id"),
        of_a_meeting("members_agendapoint"),
        of_a_meeting("members_attendance"),
        of_a_meeting(
            "members_undertaking",
            unless=(
                "(NEW.meeting_id, NEW.what, NEW.person_id) = (OLD.meeting_id, OLD.what, OLD.person_id) "
                "AND NEW.due_on IS NOT DISTINCT FROM OLD.due_on"
            ),
        ),
        of_a_meeting(
            "members_pointdecision",
            "(SELECT p.meeting_id FROM members_agendapoint p WHERE p.id = {row}.point_id)",
        ),
        guard(
            "members_pointdecision",
            "members_pointdecision_of_that_body",
            f"""
            IF NOT EXISTS (SELECT 1 FROM members_agendapoint p JOIN members_meeting m ON m.id = p.meeting_id
                    JOIN members_decision d ON d.body_id = m.body_id
                    WHERE p.id = NEW.point_id AND d.id = NEW.decision_id) THEN
                {refused(NOT_THERE, "members_pointdecision_of_that_body")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE",
        ),
        refuse_change("members_minutes", FINAL, when="OLD.approved_at IS NOT NULL"),
        guard(
            "members_minutes",
            "members_minutes_by_who_was_there",
            f"""
            IF TG_OP = 'DELETE' THEN
                {refused(STAYS, "members_minutes_by_who_was_there")}
            ELSIF NEW.approved_at IS NULL THEN
                RETURN NEW;
            ELSIF NEW.approved_in_id IS NULL THEN
                found_it := EXISTS (SELECT 1 FROM members_attendance a WHERE a.meeting_id = NEW.meeting_id
                    AND a.person_id = NEW.approved_by_id AND a.how = 'present');
            ELSE
                found_it := EXISTS (SELECT 1 FROM members_decision d JOIN members_meeting m ON m.body_id = d.body_id
                    WHERE d.id = NEW.approved_in_id AND m.id = NEW.meeting_id AND d.adopted_on >= m."on");
            END IF;
            IF NOT found_it THEN
                {refused(BY_ANOTHER, "members_minutes_by_who_was_there")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
            declare="found_it boolean;",
        ),
        append_only("members_addendum", "What was added below minutes stays: add something else."),
        guard(
            "members_addendum",
            "members_addendum_below_final_minutes",
            f"""
            IF NOT EXISTS (SELECT 1 FROM members_minutes s WHERE s.id = NEW.minutes_id
                    AND s.approved_at IS NOT NULL) THEN
                {refused(NOT_FINAL, "members_addendum_below_final_minutes")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
        ),
    ]
