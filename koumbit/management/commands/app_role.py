from django.core.management import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg import sql

# Tables whose trigger refuses every change of every row: what is written there stays.
APPEND_ONLY = """
SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgname = relname || '_is_final' AND pg_get_triggerdef(pg_trigger.oid) LIKE '%BEFORE DELETE OR UPDATE%WHEN (true)%'
ORDER BY relname
"""


class Command(BaseCommand):
    help = (
        "Give an existing database role what the pages need and nothing more: no change of the schema, no TRUNCATE, "
        "and no UPDATE or DELETE where what is written stays. Run it as the owner of the tables, after each setup."
    )

    def add_arguments(self, parser):
        parser.add_argument("role")

    @transaction.atomic
    def handle(self, *, role: str, **options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(f"There is no role {role}: CREATE ROLE {role} LOGIN PASSWORD '…' first.")
            if found[0]:
                raise CommandError(f"{role} is a superuser: nothing can be refused to it. Use another role.")
            cursor.execute(APPEND_ONLY)
            final = [name for (name,) in cursor.fetchall()]
            name = sql.Identifier(role)
            for statement in (
                "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {0}",
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {0}",
                "GRANT USAGE ON SCHEMA public TO {0}",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {0}",
                "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {0}",
                "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {0}",
            ):
                cursor.execute(sql.SQL(statement).format(name))
            for table in final:
                cursor.execute(
                    sql.SQL("REVOKE UPDATE, DELETE ON {1} FROM {0}").format(name, sql.Identifier(table))
                )
        self.stdout.write(f"{role} only adds to: {', '.join(final)}.")
