from importlib import import_module

from django.apps import AppConfig


class RolesConfig(AppConfig):
    name = "roles"

    def ready(self):
        """Say what decisions can do here; named by its path, since it needs the models loaded first."""
        import_module("roles.acts")
