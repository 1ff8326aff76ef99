from django.db import migrations

from koumbit.purge_sql import ERASED, erased, let_purge, purgeable
from koumbit.sql import guard

ERASED_FACTS = f"""
    -- What a stub says without whom: the figures, days and numbers stay.
    CREATE FUNCTION payroll_erased_facts(facts jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
        SELECT (facts - 'invoice_number')
            || jsonb_build_object('person', jsonb_build_object('name', '{ERASED}', 'address', '', 'job_title', ''))
            || CASE WHEN facts ? 'voids' THEN
                jsonb_build_object('voids', facts -> 'voids' || '{{"because": "{ERASED}"}}') ELSE '{{}}' END
            || CASE WHEN facts ? 'corrects' THEN
                jsonb_build_object('corrects', facts -> 'corrects' || '{{"because": "{ERASED}"}}') ELSE '{{}}' END
    $$;
"""
OF_A_RUN = "JOIN payroll_payrun r ON r.id = x.run_id WHERE x.id = $1"


def ended(table: str):
    """A dated fact of somebody: of the year it ended in; one that lasts is of no year yet."""
    return purgeable(
        table, of=f"SELECT person_id, extract(year FROM ends_on) FROM {table} WHERE id = $1", term="tax"
    )


class Migration(migrations.Migration):
    dependencies = [("payroll", "0028_what_was_read"), ("members", "0018_purges")]

    operations = [
        migrations.RunSQL(ERASED_FACTS, "DROP FUNCTION payroll_erased_facts(jsonb);"),
        purgeable(
            "payroll_stubdocument",
            of="SELECT s.person_id, extract(year FROM r.pay_on) FROM payroll_stubdocument x "
            "JOIN payroll_paystub s ON s.id = x.stub_id JOIN payroll_payrun r ON r.id = s.run_id WHERE x.id = $1",
            term="tax",
        ),
        purgeable(
            "payroll_paystub",
            of=f"SELECT x.person_id, extract(year FROM r.pay_on) FROM payroll_paystub x {OF_A_RUN}",
            term="tax",
            sets={"inputs": "''", "facts": "payroll_erased_facts(facts)"},
        ),
        purgeable(
            "payroll_slip",
            of="SELECT x.person_id, y.year FROM payroll_slip x "
            "JOIN payroll_yearend y ON y.id = x.year_end_id WHERE x.id = $1",
            term="tax",
            sets={"facts": f"""facts || '{{"name": "{ERASED}", "address": ""}}'"""},
        ),
        purgeable(
            "payroll_payrun",
            of="SELECT NULL, extract(year FROM pay_on) FROM payroll_payrun WHERE id = $1",
            term="tax",
            sets={"because": erased("because")},
        ),
        purgeable(
            "payroll_acknowledgement",
            of=f"SELECT NULL, extract(year FROM r.pay_on) FROM payroll_acknowledgement x {OF_A_RUN}",
            term="tax",
            sets={
                "sentence": erased("sentence"),
                "said": "'{}'::jsonb",
                "because": erased("because"),
            },
        ),
        purgeable(
            "payroll_depositfile",
            of=f"SELECT NULL, extract(year FROM r.pay_on) FROM payroll_depositfile x {OF_A_RUN}",
            term="tax",
            sets={
                "content": "''",
                "sha256": "repeat('0', 64)",
                "findings": "'[]'::jsonb",
                "because": erased("because"),
            },
        ),
        purgeable(
            "payroll_yearend",
            of="SELECT NULL, year FROM payroll_yearend WHERE id = $1",
            term="tax",
            sets={"findings": "'[]'::jsonb", "because": erased("because")},
        ),
        purgeable(
            "payroll_openingadjustment",
            of="SELECT b.person_id, b.year FROM payroll_openingadjustment x "
            "JOIN payroll_openingbalance b ON b.id = x.balance_id WHERE x.id = $1",
            term="tax",
            sets={"because": erased("because")},
        ),
        purgeable(
            "payroll_employmentrecord",
            of="SELECT person_id, extract(year FROM last_day) FROM payroll_employmentrecord WHERE id = $1",
            term="tax",
        ),
        let_purge("payroll_employmentrecord_is_final", "payroll_employmentrecord"),
        ended("payroll_taxprofile"),
        ended("payroll_bankaccount"),
        ended("payroll_salestaxregistration"),
        purgeable(
            "payroll_invoicenumber",
            of="SELECT person_id, extract(year FROM period_starts_on) FROM payroll_invoicenumber WHERE id = $1",
            term="tax",
        ),
        purgeable(
            "payroll_filereading",
            of="SELECT person_id, extract(year FROM read_at) FROM payroll_filereading WHERE id = $1",
            term="tax",
        ),
        purgeable(
            "payroll_keptanswers",
            of="SELECT person_id, NULL FROM payroll_keptanswers WHERE id = $1",
            term="file",
        ),
        let_purge("payroll_stubdocument_is_final", "payroll_stubdocument"),
        let_purge("payroll_paystub_is_final", "payroll_paystub"),
        let_purge("payroll_slip_is_final", "payroll_slip"),
        let_purge("payroll_payrun_is_final", "payroll_payrun"),
        let_purge("payroll_run_stays_as_prepared", "payroll_payrun"),
        let_purge("payroll_acknowledgement_is_final", "payroll_acknowledgement"),
        let_purge("payroll_depositfile_is_final", "payroll_depositfile"),
        let_purge("payroll_yearend_is_final", "payroll_yearend"),
        let_purge("payroll_year_end_stays_as_prepared", "payroll_yearend"),
        let_purge("payroll_adjustment_is_final", "payroll_openingadjustment"),
        let_purge("payroll_printed_invoice_number_stays", "payroll_invoicenumber"),
        let_purge("payroll_filereading_is_final", "payroll_filereading"),
        # Whoever was paid is not forgotten while the tax year of their last pay has to be kept.
        guard(
            "members_purgeitem",
            "payroll_file_after_its_last_tax_year",
            """
            IF EXISTS (
                SELECT 1 FROM payroll_paystub s JOIN payroll_payrun r ON r.id = s.run_id
                WHERE s.person_id = NEW.person_id
                    AND extract(year FROM r.pay_on) + members_purge_years('tax') >= extract(year FROM current_date)
            ) THEN
                RAISE EXCEPTION 'Something on this list is not past its term: nothing is destroyed.'
                    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payroll_file_after_its_last_tax_year';
            END IF;
            RETURN NEW;
            """,
            timing="BEFORE INSERT",
            level="FOR EACH ROW WHEN (NEW.term = 'file')",
        ),
    ]
