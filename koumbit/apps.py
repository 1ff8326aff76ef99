from django.apps import AppConfig
from django.core import checks

from koumbit.checks import static_files_are_collected


class KoumbitConfig(AppConfig):
    name = "koumbit"

    def ready(self):
        checks.register(static_files_are_collected, deploy=True)
