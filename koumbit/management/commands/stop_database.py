from django.conf import settings
from django.core.management import BaseCommand, CommandError

from koumbit import embedded


class Command(BaseCommand):
    help = "Stop the embedded database. The data stay; the next command or page starts it again."
    requires_system_checks = ()

    def handle(self, **options):
        if settings.DATABASES["default"]["ENGINE"] != "koumbit.embedded":
            raise CommandError("The database is not the embedded one: DATABASE_URL names it.")
        stopped = embedded.stop(settings.VAR_DIR)
        self.stdout.write("The database is stopped." if stopped else "The database was not running.")
