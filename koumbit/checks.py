"""What `check --deploy`, and so a production that starts, verifies besides Django's own checks."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import Error


def static_files_are_collected(app_configs, **kwargs) -> list[Error]:
    """Without the list of static files every page would be an error."""
    name = getattr(staticfiles_storage, "manifest_name", None)
    if name is None or (Path(settings.STATIC_ROOT) / name).exists():
        return []
    return [Error("The static files are not collected.", hint="Run: manage.py setup", id="koumbit.E001")]
