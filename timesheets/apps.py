from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string


class TimesheetsConfig(AppConfig):
    name = "timesheets"

    def ready(self):
        """Say what is kept, and what is known of objectives and steps; by their paths: they need the models."""
        import_string("members.personal.told_by")(self.name, import_string("timesheets.personal_data.PART"))
        import_module("timesheets.measures")
        import_module("timesheets.known_steps")
        import_module("timesheets.for_committees")
