import os
import re

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "koumbit.settings")
_django = get_wsgi_application()
_CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)


def application(environ, start_response):
    """The product, for gunicorn. What is sent is read as UTF-8, which every page of ours is in.

    Django would stumble, before any page can answer, on a charset that exists and is none (`hex`).
    """
    environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    return _django(environ, start_response)
