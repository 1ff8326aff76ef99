from django.conf import settings
from django.core.management import BaseCommand, call_command

from members.models import Cooperative


class Command(BaseCommand):
    help = (
        "Make the database and the static files match this version of the software. Safe to run again. "
        "With DEMO=1 an empty database receives the demonstration cooperative."
    )

    def handle(self, **options):
        self.stdout.write("· database: schema")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        if not settings.TRIAL:
            self.stdout.write("· static files")
            call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO and not Cooperative.objects.exists():
            self.stdout.write("· the demonstration cooperative")
            call_command("demonstration")
