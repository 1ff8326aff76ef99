from django.db import migrations
from django.utils.translation import gettext_noop

from koumbit.sql import append_only, guard

POWER_TAKES_TWO = gettext_noop(
    "You sit on this committee: it gets a power by a decision that somebody else has recorded. Name that decision."
)


class Migration(migrations.Migration):
    dependencies = [("members", "0001_people_committees_journal")]

    operations = [
        guard(
            "members_journalentry",
            "members_journal_chain",
            """
            -- One writer at a time: the chain has one order, without gaps.
            PERFORM pg_advisory_xact_lock(hashtext('members_journalentry'));
            SELECT seq, hash INTO last_seq, last_hash FROM members_journalentry ORDER BY seq DESC LIMIT 1;
            NEW.seq := coalesce(last_seq, 0) + 1;
            NEW.prev := coalesce(last_hash, '');
            NEW.at := clock_timestamp();
            NEW.hash := encode(sha256(convert_to(concat_ws('|', NEW.prev, NEW.seq,
                to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
                coalesce(NEW.actor_id::text, ''), NEW.event, NEW.body::text), 'UTF8')), 'hex');
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
            declare="last_seq bigint; last_hash text;",
        ),
        append_only("members_journalentry", "The journal is append-only: write a new line."),
        guard(
            "members_committeepower",
            "members_power_takes_two",
            f"""
            IF EXISTS (
                SELECT 1 FROM members_mandate m
                WHERE m.committee_id = NEW.committee_id AND m.person_id = NEW.granted_by_id
                    AND (m.ends_on IS NULL OR m.ends_on >= NEW.starts_on)
            ) AND NOT EXISTS (
                SELECT 1 FROM members_decision d WHERE d.id = NEW.decision_id AND d.recorded_by_id <> NEW.granted_by_id
            ) THEN
                RAISE EXCEPTION '{POWER_TAKES_TWO}'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'members_power_takes_two';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
        ),
        append_only(
            "members_decision", "A decision is never edited: record a later decision that changes it."
        ),
    ]
