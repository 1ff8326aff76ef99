from django.db import migrations
from django.utils.translation import gettext_noop

from koumbit.sql import append_only, guard

NO_SHARES = gettext_noop(
    "This organization has no member shares: a cooperative says first what one is worth."
)
NOT_HELD = gettext_noop("This would give back more shares than are held, or reverse shares given back since.")
NOT_OWED = gettext_noop("More would be paid than the shares are worth: subscribe them first.")
NOT_PAID = gettext_noop("More would be refunded than was paid.")
NOT_MIRRORED = gettext_noop("An entry is reversed by the same one with the other sign.")
VALUE_STAYS = gettext_noop("The value of a share stays once some are subscribed.")
STILL_HELD = gettext_noop("Members hold shares: refund them before this becomes a non-profit.")


def refused(sentence: str, name: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"


class Migration(migrations.Migration):
    dependencies = [("members", "0015_member_shares")]

    operations = [
        append_only(
            "members_shareentry", gettext_noop("An entry of shares stays: reverse it with another one.")
        ),
        guard(
            "members_shareentry",
            "members_shares_hold",
            f"""
            -- One writer at a time for a person: what is held is what was written.
            PERFORM pg_advisory_xact_lock(hashtext('members_shareentry'), NEW.person_id::int);
            SELECT c.share_value INTO worth FROM members_cooperative c WHERE c.legal_form = 'cooperative';
            IF worth IS NULL THEN
                {refused(NO_SHARES, "members_shares_hold")}
            END IF;
            IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM members_shareentry e WHERE e.id = NEW.reverses_id AND e.reverses_id IS NULL
                AND (e.person_id, e.kind, e.shares, e.amount)
                    = (NEW.person_id, NEW.kind, -NEW.shares, -NEW.amount)
            ) THEN
                {refused(NOT_MIRRORED, "members_share_entry_is_mirrored")}
            END IF;
            SELECT coalesce(sum(CASE e.kind WHEN 'refunded' THEN -e.shares ELSE e.shares END), 0),
                    coalesce(sum(CASE e.kind WHEN 'refunded' THEN -e.amount WHEN 'paid' THEN e.amount ELSE 0 END), 0)
                INTO held, paid FROM members_shareentry e WHERE e.person_id = NEW.person_id;
            held := held + CASE NEW.kind WHEN 'refunded' THEN -NEW.shares ELSE NEW.shares END;
            paid := paid + CASE NEW.kind WHEN 'refunded' THEN -NEW.amount WHEN 'paid' THEN NEW.amount ELSE 0 END;
            IF held < 0 THEN
                {refused(NOT_HELD, "members_shares_hold")}
            ELSIF paid < 0 THEN
                {refused(NOT_PAID, "members_shares_hold")}
            ELSIF paid > held * worth THEN
                {refused(NOT_OWED, "members_shares_hold")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
            declare="worth numeric; held bigint; paid numeric;",
        ),
        guard(
            "members_cooperative",
            "members_share_value_stays",
            f"""
            IF NEW.share_value IS DISTINCT FROM OLD.share_value AND EXISTS (SELECT 1 FROM members_shareentry) THEN
                {refused(VALUE_STAYS, "members_share_value_stays")}
            ELSIF NEW.legal_form <> 'cooperative' AND (
                SELECT sum(CASE e.kind WHEN 'refunded' THEN -e.shares ELSE e.shares END) FROM members_shareentry e
            ) > 0 THEN
                {refused(STILL_HELD, "members_share_value_stays")}
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE UPDATE",
        ),
    ]
