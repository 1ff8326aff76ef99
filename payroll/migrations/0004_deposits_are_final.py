from django.db import migrations

from koumbit.sql import append_only, guard

SENTENCE = "A deposit file stays as it was made: one that the bank refuses is followed by another."


class Migration(migrations.Migration):
    dependencies = [("payroll", "0003_deposits")]

    operations = [
        append_only("payroll_depositfile", SENTENCE),
        append_only("payroll_deposit", SENTENCE),
        # All deposits of a file come in one statement: nothing can be added to it later.
        guard(
            "payroll_deposit",
            "payroll_deposits_foot",
            """
            IF EXISTS (
                SELECT 1
                FROM payroll_depositfile f
                CROSS JOIN LATERAL (
                    SELECT count(*) AS payments, sum(d.amount) AS total FROM payroll_deposit d WHERE d.file_id = f.id
                ) found
                WHERE f.id IN (SELECT file_id FROM added)
                    AND (f.payments <> found.payments OR f.total <> found.total)
            ) THEN
                RAISE EXCEPTION 'The deposits of a file add up to its total: nothing is added to it.'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_deposits_foot';
            END IF;
            RETURN NULL;
            """,
            timing="AFTER INSERT",
            level="REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
        ),
    ]
