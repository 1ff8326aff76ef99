from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string


class MembersConfig(AppConfig):
    name = "members"

    def ready(self):
        """Say what is kept, what decisions can do and what is known of steps; by their paths: they need the models."""
        import_string("members.personal.told_by")(self.name, import_string("members.personal_data.PART"))
        import_module("members.own_acts")
        import_module("members.known_steps")
