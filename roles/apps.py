from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string


class RolesConfig(AppConfig):
    name = "roles"

    def ready(self):
        """Say what is kept, what decisions can do and what is known of steps; by their paths: they need the models."""
        import_string("members.personal.told_by")(self.name, import_string("roles.personal_data.PART"))
        import_module("roles.acts")
        import_module("roles.known_steps")
        import_module("roles.to_talk_about")
