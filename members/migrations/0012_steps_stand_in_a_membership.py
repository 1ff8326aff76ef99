from django.db import migrations
from django.utils.translation import gettext_noop

from koumbit.sql import guard

PAUSE_OUTSIDE = gettext_noop("A pause stands within a membership: check its days.")
PROBATION_OUTSIDE = gettext_noop("A probation stands within a membership: check its days.")
LEFT_OUTSIDE = gettext_noop("A pause or a probation would stand outside the membership: end it first.")
MEMBER_ALREADY = gettext_noop("This person is already a member that day: nobody asks twice.")
WORK_ON_PAUSE = gettext_noop("Nothing is agreed on the days of a pause.")
ADMITTED_BY_TWO = gettext_noop(
    "Somebody is admitted by a decision that was taken here, or that another person recorded: name it."
)
PARTED_BY_TWO = gettext_noop(
    "A membership is ended by the member, or by a decision that was taken here or that another person recorded."
)


def refused(sentence: str, name: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"


def within_membership(fact: str) -> str:
    """The days of a row `f` lie in those of one membership of the same person."""
    return f"""EXISTS (
        SELECT 1 FROM members_membership m WHERE m.person_id = {fact}.person_id
        AND m.starts_on <= {fact}.starts_on AND (m.ends_on IS NULL OR {fact}.ends_on <= m.ends_on)
    )"""


def decided_apart(decision: str, recorder: str) -> str:
    """Was the decision taken by a ballot, or recorded by somebody else?"""
    return f"""EXISTS (
        SELECT 1 FROM members_decision d WHERE d.id = {decision}
        AND (d.ballot_id IS NOT NULL OR d.recorded_by_id <> {recorder})
    )"""


SPAN = "daterange({0}.starts_on, {0}.ends_on, '[]')"
STATUS, PAUSE = SPAN.format("s"), SPAN.format("p")


class Migration(migrations.Migration):
    dependencies = [("members", "0011_candidates_probation_pauses")]

    operations = [
        guard(
            "members_pause",
            "members_pause_within_membership",
            f"""
            IF NOT {within_membership("NEW")} THEN
                {refused(PAUSE_OUTSIDE, "members_pause_within_membership")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE",
        ),
        guard(
            "members_probation",
            "members_probation_within_membership",
            f"""
            IF NOT {within_membership("NEW")} THEN
                {refused(PROBATION_OUTSIDE, "members_probation_within_membership")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE",
        ),
        guard(
            "members_membership",
            "members_membership_holds_its_steps",
            f"""
            IF EXISTS (SELECT 1 FROM members_pause f WHERE f.person_id = OLD.person_id AND NOT {within_membership("f")})
            OR EXISTS (SELECT 1 FROM members_probation f WHERE f.person_id = OLD.person_id AND NOT {within_membership("f")})
            THEN
                {refused(LEFT_OUTSIDE, "members_membership_holds_its_steps")}
            END IF;
            RETURN NULL;
            """,
            timing="AFTER UPDATE OR DELETE",
        ),
        guard(
            "members_membership",
            "members_membership_takes_two",
            f"""
            IF NEW.recorded_by_id IS NOT NULL AND NOT {decided_apart("NEW.admitted_by_id", "NEW.recorded_by_id")} THEN
                {refused(ADMITTED_BY_TWO, "members_membership_takes_two")}
            ELSIF NEW.end_recorded_by_id <> NEW.person_id
                AND NOT {decided_apart("NEW.ended_by_id", "NEW.end_recorded_by_id")} THEN
                {refused(PARTED_BY_TWO, "members_membership_takes_two")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE",
        ),
        guard(
            "members_application",
            "members_application_of_a_stranger",
            f"""
            IF EXISTS (SELECT 1 FROM members_membership m WHERE m.person_id = NEW.person_id
                    AND m.starts_on <= NEW.starts_on AND (m.ends_on IS NULL OR m.ends_on >= NEW.starts_on)) THEN
                {refused(MEMBER_ALREADY, "members_application_of_a_stranger")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
        ),
        # Checked at the end of the transaction: rows are cut one after the other.
        migrations.RunSQL(
            f"""
            CREATE FUNCTION members_work_follows_pauses() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE who bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.person_id ELSE NEW.person_id END;
            BEGIN
                IF EXISTS (
                    SELECT 1 FROM members_workstatus s JOIN members_pause p ON p.person_id = s.person_id
                    WHERE s.person_id = who AND {STATUS} && {PAUSE}
                    AND (s.pause_id IS DISTINCT FROM p.id OR NOT {STATUS} <@ {PAUSE})
                ) OR EXISTS (
                    SELECT 1 FROM members_workstatus s JOIN members_pause p ON p.id = s.pause_id
                    WHERE s.person_id = who AND (p.person_id <> s.person_id OR NOT {STATUS} <@ {PAUSE})
                ) THEN
                    {refused(WORK_ON_PAUSE, "members_work_follows_pauses")}
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER members_work_follows_pauses AFTER INSERT OR UPDATE ON members_workstatus
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION members_work_follows_pauses();
            CREATE CONSTRAINT TRIGGER members_pauses_are_followed AFTER INSERT OR UPDATE OR DELETE ON members_pause
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION members_work_follows_pauses();
            ALTER TABLE members_workstatus ENABLE ALWAYS TRIGGER members_work_follows_pauses;
            ALTER TABLE members_pause ENABLE ALWAYS TRIGGER members_pauses_are_followed;
            """,
            """
            DROP TRIGGER members_work_follows_pauses ON members_workstatus;
            DROP TRIGGER members_pauses_are_followed ON members_pause;
            DROP FUNCTION members_work_follows_pauses();
            """,
        ),
    ]
