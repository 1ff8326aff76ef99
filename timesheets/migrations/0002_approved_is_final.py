from django.db import migrations

from koumbit.sql import append_only, guard, refuse_change

DAY_TOTALS = """
    -- The sheets are locked so that two statements at once see each other's minutes.
    PERFORM 1 FROM timesheets_weeksheet WHERE id IN (SELECT sheet_id FROM changed) ORDER BY id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM timesheets_timeentry e
        JOIN (SELECT DISTINCT person_id, day FROM changed) c ON (e.person_id, e.day) = (c.person_id, c.day)
        GROUP BY e.person_id, e.day HAVING sum(e.minutes) NOT BETWEEN 0 AND 1440
    ) THEN
        RAISE EXCEPTION 'A day holds between 0 and 24 hours.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_day_within_24_hours';
    END IF;
    IF EXISTS (
        SELECT 1 FROM timesheets_timeentry e
        JOIN (SELECT DISTINCT corrects_id FROM changed WHERE corrects_id IS NOT NULL) c ON e.id = c.corrects_id
        JOIN timesheets_timeentry k ON k.corrects_id = e.id
        GROUP BY e.id, e.minutes HAVING e.minutes + sum(k.minutes) NOT BETWEEN 0 AND 1440
    ) THEN
        RAISE EXCEPTION 'Corrections cannot take away more than the entry they correct.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_correction_within_entry';
    END IF;
    RETURN NULL;
"""
CHANGED = "REFERENCING NEW TABLE AS changed FOR EACH STATEMENT"


class Migration(migrations.Migration):
    dependencies = [("timesheets", "0001_sheets_and_projects")]

    operations = [
        refuse_change(
            "timesheets_timeentry",
            "Approved time is final: a mistake is followed by a correcting entry.",
            when="OLD.approved_at IS NOT NULL",
        ),
        guard(
            "timesheets_timeentry",
            "timesheets_timeentry_on_its_sheet",
            """
            -- The sheet is locked: an act on it that is not committed yet is waited for, then obeyed.
            IF TG_OP = 'DELETE' THEN
                SELECT * INTO sheet FROM timesheets_weeksheet WHERE id = OLD.sheet_id FOR UPDATE;
                IF sheet.state <> 'draft' THEN
                    RAISE EXCEPTION 'The week is submitted: withdraw it before changing it.'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_only_a_draft_changes';
                END IF;
                RETURN OLD;
            END IF;
            SELECT * INTO sheet FROM timesheets_weeksheet WHERE id = NEW.sheet_id FOR UPDATE;
            IF NEW.person_id <> sheet.person_id
                    OR NEW.day NOT BETWEEN sheet.starts_on AND sheet.starts_on + 6 THEN
                RAISE EXCEPTION 'An entry belongs to the person and the week of its sheet.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_entry_in_its_week';
            END IF;
            IF TG_OP = 'INSERT' OR (NEW.sheet_id, NEW.day, NEW.task_id, NEW.minutes, NEW.note, NEW.reason)
                    IS DISTINCT FROM (OLD.sheet_id, OLD.day, OLD.task_id, OLD.minutes, OLD.note, OLD.reason)
                    OR (NEW.project_id, NEW.corrects_id) IS DISTINCT FROM (OLD.project_id, OLD.corrects_id) THEN
                IF sheet.state <> 'draft' OR NEW.approved_at IS NOT NULL THEN
                    RAISE EXCEPTION 'The week is submitted: withdraw it before changing it.'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_only_a_draft_changes';
                END IF;
            ELSIF NEW.approved_at IS NOT NULL AND sheet.state <> 'submitted' THEN
                RAISE EXCEPTION 'Only a submitted week is approved.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_only_submitted_is_approved';
            END IF;
            IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM timesheets_timeentry e
                WHERE e.id = NEW.corrects_id AND e.approved_at IS NOT NULL AND e.corrects_id IS NULL
                    AND (e.person_id, e.day, e.task_id) = (NEW.person_id, NEW.day, NEW.task_id)
                    AND e.project_id IS NOT DISTINCT FROM NEW.project_id
            ) THEN
                RAISE EXCEPTION 'A correction follows an approved entry of the same person, day, task and project.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_corrects_an_approved_entry';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
            declare="sheet timesheets_weeksheet%ROWTYPE;",
        ),
        guard(
            "timesheets_timeentry",
            "timesheets_totals_inserted",
            DAY_TOTALS,
            timing="AFTER INSERT",
            level=CHANGED,
        ),
        guard(
            "timesheets_timeentry",
            "timesheets_totals_updated",
            DAY_TOTALS,
            timing="AFTER UPDATE",
            level=CHANGED,
        ),
        guard(
            "timesheets_weeksheet",
            "timesheets_sheet_keeps_its_week",
            """
            RAISE EXCEPTION 'A sheet stays with its person and its week.'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'timesheets_sheet_keeps_its_week';
            """,
            timing="BEFORE UPDATE OF person_id, starts_on",
            level="FOR EACH ROW WHEN ((OLD.person_id, OLD.starts_on) IS DISTINCT FROM (NEW.person_id, NEW.starts_on))",
        ),
        guard(
            "timesheets_weeksheet",
            "timesheets_sheet_takes_one_step",
            """
            IF TG_OP = 'INSERT' AND NEW.state <> 'draft' OR TG_OP = 'UPDATE' AND (OLD.state, NEW.state) IN
                    (('draft', 'approved'), ('approved', 'submitted')) THEN
                RAISE EXCEPTION 'A week is drafted, submitted, then approved.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_sheet_takes_one_step';
            END IF;
            IF NEW.state = 'approved' AND EXISTS (
                SELECT 1 FROM timesheets_timeentry WHERE sheet_id = NEW.id AND approved_at IS NULL
            ) THEN
                RAISE EXCEPTION 'A week is approved when each of its entries is.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_approved_to_the_last_entry';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OF state",
        ),
        guard(
            "timesheets_weeksheet",
            "timesheets_sheet_starts_the_week",
            """
            IF extract(isodow FROM NEW.starts_on) - 1
                    <> coalesce((SELECT week_starts_on FROM members_cooperative), 0) THEN
                RAISE EXCEPTION 'A sheet starts on the first day of the legal week.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_sheet_starts_the_week';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
        ),
        append_only("timesheets_sheetdecision", "What was done with a week stays written: do the next act."),
    ]
