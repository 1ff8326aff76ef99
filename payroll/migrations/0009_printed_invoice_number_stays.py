from django.db import migrations

from koumbit.sql import guard


class Migration(migrations.Migration):
    dependencies = [("payroll", "0008_whole_tax_numbers")]

    operations = [
        guard(
            "payroll_invoicenumber",
            "payroll_printed_invoice_number_stays",
            """
            IF EXISTS (
                SELECT 1 FROM payroll_payrun r JOIN payroll_payperiod p ON p.id = r.period_id
                WHERE r.kind = 'regular' AND r.issued_at IS NOT NULL
                AND p.starts_on IN (OLD.period_starts_on, NEW.period_starts_on)
            ) THEN
                RAISE EXCEPTION 'The pay of this period is issued: its invoice numbers stay as they were printed.'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_printed_invoice_number_stays';
            END IF;
            RETURN COALESCE(NEW, OLD);
            """,
            timing="BEFORE INSERT OR UPDATE OR DELETE",
        ),
    ]
