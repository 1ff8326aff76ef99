from importlib import import_module

from django.apps import AppConfig


class RolesConfig(AppConfig):
    name = "roles"

    def ready(self):
        """Say what decisions can do here and what is known of steps; by their paths, since they need the models."""
        import_module("roles.acts")
        import_module("roles.known_steps")
