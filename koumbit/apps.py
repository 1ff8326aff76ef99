from django.apps import AppConfig


class KoumbitConfig(AppConfig):
    name = "koumbit"
