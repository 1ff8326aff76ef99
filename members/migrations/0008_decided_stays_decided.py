from django.db import migrations
from django.utils.translation import gettext_noop

from koumbit.sql import append_only, guard, refuse_change

TOO_LATE = gettext_noop("The ballot is closed: nothing about it changes any more.")
NOT_SIGNED = gettext_noop("Answers to a secret ballot go into its box, without a name.")
NOT_ADOPTED = gettext_noop("Only what a ballot adopted becomes its decision.")
CONFIRMED_BY_ANOTHER = gettext_noop("A decision is confirmed by somebody else than who recorded it.")
NOT_SETTLED = gettext_noop("This decision was neither decided here nor confirmed by a second person.")


def refused(sentence: str, name: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"


class Migration(migrations.Migration):
    dependencies = [("members", "0007_proposals_ballots_and_their_acts")]

    operations = [
        guard(
            "members_decision",
            "members_decision_number",
            """
            -- One writer at a time: numbers follow one another.
            PERFORM pg_advisory_xact_lock(hashtext('members_decision'));
            SELECT coalesce(max(d.rank), 0) + 1 INTO NEW.rank FROM members_decision d
                WHERE extract(year FROM d.adopted_on) = extract(year FROM NEW.adopted_on);
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
        ),
        guard(
            "members_decision",
            "members_decision_was_adopted",
            f"""
            IF NEW.ballot_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM members_ballot b JOIN members_motion m ON m.id = b.motion_id
                WHERE b.id = NEW.ballot_id AND b.result = 'adopted' AND m.body_id = NEW.body_id
            ) THEN
                {refused(NOT_ADOPTED, "members_decision_was_adopted")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
        ),
        append_only("members_motionversion", "A version of a proposal stays: write another one."),
        append_only("members_remark", "What was said stays as it was said: say something else below."),
        append_only("members_interest", "An interest that was declared stays declared."),
        append_only("members_confirmation", "A decision is confirmed once."),
        append_only("members_execution", "What a decision did is done: another decision changes it."),
        refuse_change("members_motion", "This proposal has come to its end.", when="OLD.outcome <> ''"),
        refuse_change("members_ballot", TOO_LATE, when="OLD.closed_at IS NOT NULL"),
        guard(
            "members_ballot",
            "members_ballot_is_as_opened",
            f"""
            IF TG_OP = 'DELETE' OR (NEW.motion_id, NEW.version_id, NEW.method, NEW.secret, NEW.quorum_percent,
                    NEW.threshold, NEW.closes_on, NEW.opened_by_id)
                IS DISTINCT FROM (OLD.motion_id, OLD.version_id, OLD.method, OLD.secret, OLD.quorum_percent,
                    OLD.threshold, OLD.closes_on, OLD.opened_by_id) THEN
                {refused("A ballot keeps what it was opened with.", "members_ballot_is_as_opened")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE UPDATE OR DELETE",
        ),
        guard(
            "members_elector",
            "members_elector_of_an_open_ballot",
            f"""
            IF TG_OP = 'DELETE' OR EXISTS (
                SELECT 1 FROM members_ballot b WHERE b.id = NEW.ballot_id AND b.closed_at IS NOT NULL
            ) OR (TG_OP = 'UPDATE' AND ((NEW.ballot_id, NEW.person_id) <> (OLD.ballot_id, OLD.person_id)
                OR (OLD.answered AND NOT NEW.answered AND NOT NEW.has_interest)
                OR (OLD.has_interest AND NOT NEW.has_interest))) THEN
                {refused(TOO_LATE, "members_elector_of_an_open_ballot")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
        ),
        guard(
            "members_position",
            "members_position_on_an_open_ballot",
            f"""
            SELECT b.closed_at, b.secret INTO closed, hidden FROM members_elector e
                JOIN members_ballot b ON b.id = e.ballot_id
                WHERE e.id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.elector_id ELSE NEW.elector_id END);
            IF closed IS NOT NULL THEN
                {refused(TOO_LATE, "members_position_on_an_open_ballot")}
            ELSIF hidden THEN
                {refused(NOT_SIGNED, "members_position_on_an_open_ballot")}
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
            declare="closed timestamptz; hidden boolean;",
        ),
        guard(
            "members_ballotbox",
            "members_box_of_a_secret_ballot",
            f"""
            SELECT b.closed_at, b.secret INTO closed, hidden FROM members_ballot b
                WHERE b.id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.ballot_id ELSE NEW.ballot_id END);
            IF TG_OP = 'DELETE' AND closed IS NULL THEN
                {refused("The box of an open ballot stays until it is counted.", "members_box_of_a_secret_ballot")}
            ELSIF TG_OP <> 'DELETE' AND (closed IS NOT NULL OR NOT hidden) THEN
                {refused(TOO_LATE, "members_box_of_a_secret_ballot")}
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
            declare="closed timestamptz; hidden boolean;",
        ),
        guard(
            "members_confirmation",
            "members_confirmed_by_another",
            f"""
            IF EXISTS (SELECT 1 FROM members_decision d WHERE d.id = NEW.decision_id
                    AND (d.recorded_by_id IS NULL OR d.recorded_by_id = NEW.by_id)) THEN
                {refused(CONFIRMED_BY_ANOTHER, "members_confirmed_by_another")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
        ),
        guard(
            "members_execution",
            "members_execution_is_settled",
            f"""
            IF NOT EXISTS (
                SELECT 1 FROM members_decision d WHERE d.id = NEW.decision_id AND d.act <> ''
                AND (d.ballot_id IS NOT NULL
                    OR EXISTS (SELECT 1 FROM members_confirmation c WHERE c.decision_id = d.id))
            ) THEN
                {refused(NOT_SETTLED, "members_execution_is_settled")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
        ),
    ]
