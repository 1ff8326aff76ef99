import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from koumbit.sql import guard, refuse_change


class Migration(migrations.Migration):
    dependencies = [
        ("timesheets", "0003_week_start_is_final"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Leave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("vacation", "vacation"),
                            ("banked", "banked overtime taken"),
                            ("holiday", "statutory holiday"),
                            ("sick", "sick day"),
                            ("family", "family obligation"),
                            ("parental", "parental leave"),
                            ("unpaid", "unpaid leave"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day away")),
                ("ends_on", models.DateField(verbose_name="last day away")),
                (
                    "compensates",
                    models.DateField(blank=True, null=True, verbose_name="holiday it stands for"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("approved", "approved"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("requested_at", models.DateTimeField(auto_now_add=True, verbose_name="requested at")),
                ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="decided at")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer")),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaves",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="LeaveCancellation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day given back")),
                ("ends_on", models.DateField(verbose_name="last day given back")),
                ("because", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("asked_on", models.DateField(verbose_name="asked on")),
                ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="decided at")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer")),
                (
                    "decided_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "leave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancellations",
                        to="timesheets.leave",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LeaveDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="time")),
                (
                    "leave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="timesheets.leave",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["day", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="leave",
            index=models.Index(
                condition=models.Q(("state", "requested")),
                fields=["starts_on"],
                name="timesheets_leave_requested",
            ),
        ),
        migrations.AddIndex(
            model_name="leave",
            index=models.Index(fields=["person", "starts_on"], name="timesheets_leave_of_person"),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="timesheets_leave_days_in_order",
                violation_error_message="The last day comes before the first. Check both dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("compensates__isnull", False),
                        ("ends_on", models.F("starts_on")),
                        ("kind", "holiday"),
                    ),
                    models.Q(models.Q(("kind", "holiday"), _negated=True), ("compensates", None)),
                    _connector="OR",
                ),
                name="timesheets_leave_for_a_holiday",
                violation_error_message="A compensatory day is one day, and stands for one holiday.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at", None), ("decided_by", None), ("state__in", ["requested", "withdrawn"])
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["approved", "refused"]),
                    ),
                    _connector="OR",
                ),
                name="timesheets_leave_decision_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="timesheets_leave_decided_by_another",
                violation_error_message="Nobody approves their own leave.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="timesheets_leave_refused_says_why",
                violation_error_message="Say why the leave is refused.",
            ),
        ),
        migrations.AddIndex(
            model_name="leavecancellation",
            index=models.Index(
                condition=models.Q(("state", "accepted")),
                fields=["leave"],
                include=("starts_on", "ends_on"),
                name="timesheets_leave_given_back",
            ),
        ),
        migrations.AddConstraint(
            model_name="leavecancellation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "requested")),
                fields=("leave",),
                name="timesheets_one_cancellation_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="leavecancellation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="timesheets_cancellation_days_in_order",
                violation_error_message="The last day comes before the first. Check both dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leavecancellation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at", None), ("decided_by", None), ("state__in", ["requested", "withdrawn"])
                    ),
                    models.Q(
                        ("decided_at", None),
                        ("decided_by", None),
                        ("starts_on__gt", models.F("asked_on")),
                        ("state", "accepted"),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["accepted", "refused"]),
                    ),
                    _connector="OR",
                ),
                name="timesheets_cancellation_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="leavecancellation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="timesheets_cancellation_decided_by_another",
                violation_error_message="Nobody decides on their own leave.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leavecancellation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on__gt", models.F("asked_on")),
                    models.Q(("because", ""), _negated=True),
                    _connector="OR",
                ),
                name="timesheets_cancellation_says_why",
                violation_error_message="These days have begun: say what happened.",
            ),
        ),
        migrations.AddConstraint(
            model_name="leavecancellation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="timesheets_cancellation_refused_says_why",
                violation_error_message="Say why the leave stays as it is.",
            ),
        ),
        migrations.AddIndex(
            model_name="leaveday",
            index=models.Index(
                fields=["person", "day"], include=("minutes",), name="timesheets_leave_person_day"
            ),
        ),
        migrations.AddIndex(
            model_name="leaveday",
            index=models.Index(
                fields=["day"], include=("person", "leave", "minutes"), name="timesheets_leave_by_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="leaveday",
            constraint=models.UniqueConstraint(fields=("leave", "day"), name="timesheets_leave_day_once"),
        ),
        migrations.AddConstraint(
            model_name="leaveday",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (1, 1440))),
                name="timesheets_leave_minutes",
                violation_error_message="A day of leave is between 1 minute and 24 hours.",
            ),
        ),
        # What was decided stays.
        refuse_change(
            "timesheets_leave",
            "A leave that was decided stays as it is: to give it back, cancel it.",
            when="OLD.state <> 'requested'",
        ),
        refuse_change(
            "timesheets_leavecancellation",
            "A cancellation that was decided stays as it is: ask for the leave again.",
            when="OLD.state <> 'requested'",
        ),
        guard(
            "timesheets_leave",
            "timesheets_leave_takes_one_step",
            """
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'What was asked for stays written: withdraw it.'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'timesheets_leave_stays_written';
            END IF;
            IF TG_OP = 'INSERT' AND NEW.state <> 'requested' THEN
                RAISE EXCEPTION 'A leave is asked for, then decided.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_leave_is_asked_for_first';
            END IF;
            IF TG_OP = 'UPDATE' AND (NEW.person_id <> OLD.person_id OR NEW.state <> 'requested'
                    AND (NEW.kind, NEW.starts_on, NEW.ends_on, NEW.note) IS DISTINCT FROM
                        (OLD.kind, OLD.starts_on, OLD.ends_on, OLD.note)
                    OR NEW.state <> 'requested' AND NEW.compensates IS DISTINCT FROM OLD.compensates) THEN
                RAISE EXCEPTION 'A leave is decided as it was asked for.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_leave_decided_as_asked';
            END IF;
            IF NEW.state = 'approved' AND (
                NOT EXISTS (SELECT 1 FROM timesheets_leaveday WHERE leave_id = NEW.id)
                OR EXISTS (
                    SELECT 1 FROM timesheets_leaveday
                    WHERE leave_id = NEW.id AND day NOT BETWEEN NEW.starts_on AND NEW.ends_on
                )
            ) THEN
                RAISE EXCEPTION 'A leave has days, from its first to its last.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_leave_has_its_days';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
        ),
        guard(
            "timesheets_leaveday",
            "timesheets_leaveday_of_its_leave",
            """
            IF TG_OP = 'UPDATE' THEN
                RAISE EXCEPTION 'A day of leave is written once: take it away and write it again.'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'timesheets_leaveday_written_once';
            END IF;
            -- The leave is locked: a decision on it that is not committed yet is waited for, then obeyed.
            SELECT * INTO leave FROM timesheets_leave
                WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.leave_id ELSE NEW.leave_id END FOR UPDATE;
            IF leave.state <> 'requested' THEN
                RAISE EXCEPTION 'A leave that was decided keeps its days.'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'timesheets_leave_keeps_its_days';
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            IF NEW.person_id <> leave.person_id OR NEW.day NOT BETWEEN leave.starts_on AND leave.ends_on THEN
                RAISE EXCEPTION 'A day of leave belongs to the person and the dates of its leave.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_leaveday_within_leave';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
            declare="leave timesheets_leave%ROWTYPE;",
        ),
        guard(
            "timesheets_leaveday",
            "timesheets_leaveday_totals",
            """
            -- The people are locked so that two requests at once see each other's minutes.
            PERFORM 1 FROM members_person WHERE id IN (SELECT person_id FROM added) ORDER BY id FOR NO KEY UPDATE;
            IF EXISTS (
                SELECT 1 FROM timesheets_leaveday d
                JOIN (SELECT DISTINCT person_id, day FROM added) a ON (d.person_id, d.day) = (a.person_id, a.day)
                JOIN timesheets_leave l ON l.id = d.leave_id AND l.state IN ('requested', 'approved')
                WHERE NOT EXISTS (
                    SELECT 1 FROM timesheets_leavecancellation c
                    WHERE c.leave_id = l.id AND c.state = 'accepted' AND d.day BETWEEN c.starts_on AND c.ends_on
                )
                GROUP BY d.person_id, d.day HAVING sum(d.minutes) > 1440
            ) THEN
                RAISE EXCEPTION 'There are more than 24 hours of leave on one of these days: look at what you asked for before.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_leave_within_24_hours';
            END IF;
            RETURN NULL;
            """,
            timing="AFTER INSERT",
            level="REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
        ),
        guard(
            "timesheets_leavecancellation",
            "timesheets_leavecancellation_takes_one_step",
            """
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'What was asked for stays written: withdraw it.'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'timesheets_cancellation_stays_written';
            END IF;
            IF TG_OP = 'UPDATE' AND (NEW.leave_id, NEW.person_id, NEW.starts_on, NEW.ends_on, NEW.because, NEW.asked_on)
                    IS DISTINCT FROM (OLD.leave_id, OLD.person_id, OLD.starts_on, OLD.ends_on, OLD.because, OLD.asked_on) THEN
                RAISE EXCEPTION 'A cancellation is decided as it was asked for.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_cancellation_decided_as_asked';
            END IF;
            IF TG_OP = 'INSERT' AND (NEW.state NOT IN ('requested', 'accepted') OR NEW.decided_by_id IS NOT NULL) THEN
                RAISE EXCEPTION 'A cancellation is asked for, then decided.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_cancellation_is_asked_for_first';
            END IF;
            SELECT * INTO leave FROM timesheets_leave WHERE id = NEW.leave_id FOR UPDATE;
            IF leave.state <> 'approved' OR NEW.person_id <> leave.person_id
                    OR NEW.starts_on < leave.starts_on OR NEW.ends_on > leave.ends_on THEN
                RAISE EXCEPTION 'What is given back are days of an approved leave of the same person.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'timesheets_cancellation_within_leave';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
            declare="leave timesheets_leave%ROWTYPE;",
        ),
    ]
