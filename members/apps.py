from django.apps import AppConfig
from django.utils.module_loading import import_string


class MembersConfig(AppConfig):
    name = "members"

    def ready(self):
        """Say what it keeps about people; named by its path, since it needs the models loaded first."""
        import_string("members.personal.told_by")(self.name, import_string("members.personal_data.PART"))
