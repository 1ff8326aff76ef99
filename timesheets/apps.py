from importlib import import_module

from django.apps import AppConfig


class TimesheetsConfig(AppConfig):
    name = "timesheets"

    def ready(self):
        """Say what is known of objectives and steps; named by its path, since it needs the models loaded first."""
        import_module("timesheets.measures")
        import_module("timesheets.known_steps")
