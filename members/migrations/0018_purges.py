from django.conf import settings
from django.db import migrations
from django.utils.translation import gettext_noop

from koumbit.purge_sql import ERASED, erased, purgeable
from koumbit.sql import append_only, guard

LEFT_ON = """
    -- The last day of somebody who has no membership, work or mandate any more; else NULL. Whoever never
    -- had any counts from the day they were entered.
    CREATE FUNCTION members_left_on(bigint) RETURNS date LANGUAGE sql STABLE AS $$
        SELECT CASE WHEN bool_or(ends_on IS NULL OR ends_on >= current_date) THEN NULL
            ELSE coalesce(max(ends_on), (
                SELECT max(at)::date FROM members_journalentry
                WHERE event = 'members.person_admitted' AND body ->> 'person' = $1::text
                    OR body -> 'people' @> to_jsonb($1)
            )) END
        FROM (
            SELECT ends_on FROM members_membership WHERE person_id = $1
            UNION ALL SELECT ends_on FROM members_workstatus WHERE person_id = $1
            UNION ALL SELECT ends_on FROM members_mandate WHERE person_id = $1
            UNION ALL SELECT ends_on FROM members_application WHERE person_id = $1
        ) AS facts
    $$;
    CREATE FUNCTION members_purge_years(text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE $1 WHEN 'wages' THEN 3 WHEN 'tax' THEN 6 WHEN 'file' THEN 6 END
    $$;
    CREATE FUNCTION members_purge_is_past(term text, year int, person bigint, past_on date) RETURNS boolean
        LANGUAGE sql STABLE AS $$
        SELECT coalesce(past_on <= current_date AND past_on = CASE
            WHEN term = 'file' THEN (members_left_on(person) + make_interval(years => members_purge_years(term)))::date + 1
            ELSE make_date(year + members_purge_years(term) + 1, 1, 1)
        END, false)
    $$;
"""
TOO_EARLY = gettext_noop("Something on this list is not past its term: nothing is destroyed.")
LISTED = gettext_noop("What a destruction lists stays as it was listed.")
DONE = gettext_noop("A destruction that was carried out stays written.")


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0017_personal_information"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        append_only("members_incident", "An incident stays as it was recorded: add a follow-up."),
        append_only("members_incidentfollowup", "A follow-up stays as it was written: add another."),
        migrations.RunSQL(
            LEFT_ON,
            "DROP FUNCTION members_purge_is_past(text, int, bigint, date); DROP FUNCTION members_purge_years(text); "
            "DROP FUNCTION members_left_on(bigint);",
        ),
        guard(
            "members_purge",
            "members_purge_takes_its_steps",
            f"""
            IF TG_OP = 'INSERT' THEN
                IF NEW.executed_at IS NULL AND NEW.running_in IS NULL THEN
                    RETURN NEW;
                END IF;
            ELSIF OLD.executed_at IS NULL AND TG_OP = 'DELETE' THEN
                RETURN OLD;
            ELSIF OLD.executed_at IS NULL AND NEW.executed_at IS NOT NULL
                    AND (NEW.id, NEW.because, NEW.prepared_at, NEW.prepared_by_id)
                        = (OLD.id, OLD.because, OLD.prepared_at, OLD.prepared_by_id) THEN
                IF NOT EXISTS (SELECT 1 FROM members_purgeitem WHERE purge_id = NEW.id) OR EXISTS (
                    SELECT 1 FROM members_purgeitem i WHERE i.purge_id = NEW.id
                        AND NOT members_purge_is_past(i.term, i.year, i.person_id, i.past_on)
                ) THEN
                    RAISE EXCEPTION '{TOO_EARLY}'
                        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_purge_after_its_term';
                END IF;
                -- From here to the end of this transaction, and never again, what is listed may go.
                NEW.running_in := pg_current_xact_id()::text::bigint;
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '{DONE}'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_purge_takes_its_steps';
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION members_purge_is_in_the_journal() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NOT EXISTS (
                    SELECT 1 FROM members_journalentry
                    WHERE event = 'members.purge_executed' AND body ->> 'purge' = NEW.id::text
                        AND actor_id = NEW.executed_by_id
                ) THEN
                    RAISE EXCEPTION 'A destruction is written in the journal.'
                        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_purge_is_in_the_journal';
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER members_purge_is_in_the_journal AFTER UPDATE ON members_purge
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION members_purge_is_in_the_journal();
            ALTER TABLE members_purge ENABLE ALWAYS TRIGGER members_purge_is_in_the_journal;
            """,
            "DROP TRIGGER members_purge_is_in_the_journal ON members_purge; "
            "DROP FUNCTION members_purge_is_in_the_journal();",
        ),
        guard(
            "members_purgeitem",
            "members_purge_item_is_past",
            f"""
            IF TG_OP = 'UPDATE' OR EXISTS (
                SELECT 1 FROM members_purge WHERE executed_at IS NOT NULL
                    AND id = CASE TG_OP WHEN 'DELETE' THEN OLD.purge_id ELSE NEW.purge_id END
            ) THEN
                RAISE EXCEPTION '{LISTED}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_purge_item_stays';
            ELSIF TG_OP = 'DELETE' THEN
                RETURN OLD;
            ELSIF NOT members_purge_is_past(NEW.term, NEW.year, NEW.person_id, NEW.past_on) THEN
                RAISE EXCEPTION '{TOO_EARLY}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_purge_item_is_past';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
        ),
        guard(
            "members_purgedrow",
            "members_purged_row_is_within_reach",
            f"""
            IF TG_OP = 'UPDATE' OR EXISTS (
                SELECT 1 FROM members_purgeitem i JOIN members_purge p ON p.id = i.purge_id
                WHERE p.executed_at IS NOT NULL
                    AND i.id = CASE TG_OP WHEN 'DELETE' THEN OLD.item_id ELSE NEW.item_id END
            ) THEN
                RAISE EXCEPTION '{LISTED}'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_purged_row_stays';
            ELSIF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            EXECUTE format(
                'SELECT EXISTS (SELECT 1 FROM %I($1) r, members_purgeitem i WHERE i.id = $2 AND '
                '((i.term = r.term AND i.year = r.year) OR (i.term = ''file'' AND i.person_id = r.person_id)))',
                NEW.table_name || '_purge_reach'
            ) USING NEW.row_id, NEW.item_id INTO is_within;
            IF NOT is_within THEN
                RAISE EXCEPTION 'This row is not of what is past its term.'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_purged_row_is_within_reach';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
            declare="is_within boolean;",
        ),
        # Whose file is destroyed is nobody any more: a number that signs in nowhere.
        guard(
            "members_person",
            "members_destroyed_file_stays_so",
            """
            RAISE EXCEPTION 'This file was destroyed after its term.'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'members_destroyed_file_stays_so';
            """,
            timing="BEFORE UPDATE",
            level="FOR EACH ROW WHEN (OLD.email LIKE '%@erased.invalid')",
        ),
        purgeable(
            "members_person",
            of="SELECT id, NULL FROM members_person WHERE id = $1",
            term="file",
            sets={
                "email": "id || '@erased.invalid'",
                "given_name": "'№'",
                "family_name": "id::text",
                "phone": "''",
                "address": "''",
                "born_on": "NULL::date",
                "password": "'!'",
                "last_login": "NULL::timestamptz",
                "closed_at": "coalesce(closed_at, now())",
            },
        ),
        purgeable(
            "members_workstatus",
            of="SELECT person_id, NULL FROM members_workstatus WHERE id = $1",
            term="file",
            sets={"job_title": f"'{ERASED}'"},
        ),
        purgeable(
            "members_application",
            of="SELECT person_id, NULL FROM members_application WHERE id = $1",
            term="file",
            sets={"words": erased("words")},
        ),
        purgeable(
            "members_stepitem",
            of="SELECT l.person_id, NULL FROM members_stepitem x JOIN members_steplist l ON l.id = x.list_id "
            "WHERE x.id = $1",
            term="file",
        ),
        *(
            purgeable(table, of=f"SELECT {person}, NULL FROM {table} WHERE id = $1", term="file")
            for table, person in (
                ("members_steplist", "person_id"),
                ("members_outgoingmessage", "to_id"),
                ("members_dataexport", "person_id"),
                ("account_emailaddress", "user_id"),
                ("mfa_authenticator", "user_id"),
                ("usersessions_usersession", "user_id"),
            )
        ),
        purgeable(
            "account_emailconfirmation",
            of="SELECT a.user_id, NULL FROM account_emailconfirmation c "
            "JOIN account_emailaddress a ON a.id = c.email_address_id WHERE c.id = $1",
            term="file",
        ),
    ]
