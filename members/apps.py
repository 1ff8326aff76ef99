from importlib import import_module

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self):
        """Say what decisions can do here and what is known of steps; by their paths, since they need the models."""
        import_module("members.own_acts")
        import_module("members.known_steps")
