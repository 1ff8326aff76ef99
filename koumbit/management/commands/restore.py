from pathlib import Path

from django.core.management import BaseCommand, CommandError

from koumbit.backups import BackupRefused, drop, restore


class Command(BaseCommand):
    help = "Restore a backup into a new database and prove it equal: rows, sums, journal chain, documents."

    def add_arguments(self, parser):
        parser.add_argument("dump", type=Path, metavar="FILE.dump")
        parser.add_argument("--database", default="koumbit_restored", help="name of the new database")
        parser.add_argument(
            "--rehearse", action="store_true", help="remove the new database once it is proven equal"
        )

    def handle(self, *, dump: Path, database: str, rehearse: bool, **options):
        try:
            restored = restore(dump, database)
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        proof = restored.proof
        rows = sum(table["rows"] for table in proof["tables"].values())
        self.stdout.write(f"Equal: {rows} rows in {len(proof['tables'])} tables, row by row.")
        self.stdout.write(
            f"Equal: {proof['sums']['stub_lines']} $ of stub lines, {proof['sums']['minutes']} minutes."
        )
        self.stdout.write(f"Equal: {proof['documents']['count']} documents, each matching its digest.")
        self.stdout.write(f"Equal: the journal holds; its head is {proof['journal']['head'] or 'empty'}.")
        if not restored.keys_known:
            self.stderr.write(
                "WARNING: none of today's FIELD_ENCRYPTION_KEYS was in use then: tax files cannot be read without them."
            )
        if rehearse:
            drop(database)
            self.stdout.write("The rehearsal is over: the new database is removed.")
        else:
            self.stdout.write(f"To use it, let DATABASE_URL name the database {database}, then run setup.")
