from pathlib import Path

from django.core.management import BaseCommand, CommandError

from koumbit.backups import BackupRefused, back_up


class Command(BaseCommand):
    help = "Save the database into a folder, with the proof that `restore` will check."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options):
        try:
            dump = back_up(folder)
        except (BackupRefused, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{dump} ({dump.stat().st_size // 1024} kB), proof in {dump.with_suffix('.json').name}"
        )
