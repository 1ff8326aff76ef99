from django.apps import AppConfig
from django.utils.module_loading import import_string


class RolesConfig(AppConfig):
    name = "roles"

    def ready(self):
        """Say what it keeps about people; named by its path, since it needs the models loaded first."""
        import_string("members.personal.told_by")(self.name, import_string("roles.personal_data.PART"))
