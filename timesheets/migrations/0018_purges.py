from django.db import migrations

from koumbit.purge_sql import erased, let_purge, purgeable, silent_in_a_purge

OF_A_SHEET = "JOIN timesheets_weeksheet s ON s.id = x.sheet_id WHERE x.id = $1"


class Migration(migrations.Migration):
    dependencies = [("timesheets", "0017_project_indexes"), ("members", "0018_purges")]

    operations = [
        purgeable(
            "timesheets_timeentry",
            of="SELECT person_id, extract(year FROM day) FROM timesheets_timeentry WHERE id = $1",
            term="tax",
            sets={column: erased(column) for column in ("note", "reason", "question")},
        ),
        purgeable(
            "timesheets_sheetdecision",
            of=f"SELECT s.person_id, extract(year FROM s.starts_on) FROM timesheets_sheetdecision x {OF_A_SHEET}",
            term="tax",
            sets={"because": erased("because")},
        ),
        purgeable(
            "timesheets_leave",
            of="SELECT person_id, extract(year FROM ends_on) FROM timesheets_leave WHERE id = $1",
            term="tax",
            sets={column: erased(column) for column in ("note", "answer")},
        ),
        purgeable(
            "timesheets_leavecancellation",
            of="SELECT person_id, extract(year FROM ends_on) FROM timesheets_leavecancellation WHERE id = $1",
            term="tax",
            sets={column: erased(column) for column in ("because", "answer")},
        ),
        purgeable(
            "timesheets_entryversion",
            of="SELECT person_id, extract(year FROM day) FROM timesheets_entryversion WHERE id = $1",
            term="wages",
        ),
        purgeable(
            "timesheets_linemessage",
            of=f"SELECT s.person_id, extract(year FROM s.starts_on) FROM timesheets_linemessage x {OF_A_SHEET}",
            term="wages",
        ),
        purgeable(
            "timesheets_conflictofinterest",
            of="SELECT approver_id, NULL FROM timesheets_conflictofinterest WHERE id = $1 "
            "UNION ALL SELECT person_id, NULL FROM timesheets_conflictofinterest WHERE id = $1",
            term="file",
            sets={"because": erased("because")},
        ),
        *(
            purgeable(table, of=f"SELECT person_id, NULL FROM {table} WHERE id = $1", term="file")
            for table in (
                "timesheets_hoursfilereading",
                "timesheets_nudgechoice",
                "timesheets_nudge",
                "timesheets_favouriterow",
                "timesheets_weektemplate",
                "timesheets_timer",
                "timesheets_accesstoken",
            )
        ),
        purgeable(
            "timesheets_templatecell",
            of="SELECT t.person_id, NULL FROM timesheets_templatecell x "
            "JOIN timesheets_weektemplate t ON t.id = x.template_id WHERE x.id = $1",
            term="file",
        ),
        let_purge("timesheets_timeentry_is_final", "timesheets_timeentry"),
        let_purge("timesheets_timeentry_on_its_sheet", "timesheets_timeentry"),
        silent_in_a_purge("timesheets_timeentry_keeps_what_it_said"),
        let_purge("timesheets_sheetdecision_is_final", "timesheets_sheetdecision"),
        let_purge("timesheets_leave_is_final", "timesheets_leave"),
        let_purge("timesheets_leave_takes_one_step", "timesheets_leave"),
        let_purge("timesheets_leavecancellation_is_final", "timesheets_leavecancellation"),
        let_purge("timesheets_leavecancellation_takes_one_step", "timesheets_leavecancellation"),
        let_purge("timesheets_entryversion_is_final", "timesheets_entryversion"),
        let_purge("timesheets_linemessage_is_final", "timesheets_linemessage"),
        let_purge("timesheets_nudge_is_final", "timesheets_nudge"),
    ]
