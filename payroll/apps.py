from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string

from timesheets import worth


class PayrollConfig(AppConfig):
    name = "payroll"

    def ready(self):
        """Hand over what only the pay knows, and keeps; named by its path, since it needs the models loaded first."""
        import_module("payroll.acts")
        import_module("payroll.measures")
        import_module("payroll.known_steps")
        import_module("payroll.for_committees")
        worth.told_by(
            banks_of=import_string("payroll.answers.banks_of"),
            prices=import_string("payroll.answers.Prices").read,
            banks_overtime=import_string("payroll.answers.banks_overtime"),
        )
        import_string("members.personal.told_by")(self.name, import_string("payroll.personal_data.PART"))
        import_string("members.contact.kept_by")(import_string("payroll.views.opening.CONTACT"))
