"""The anchor: the least a Django page can be. One indexed query, a table of 40 rows, nobody signed in,
behind the middleware that every new Django project has."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from koumbit.settings import DATABASES

PAGE = """<!doctype html><html lang="fr"><title>Table</title><table>
<tr><th>Number</th><th>Name</th><th>Amount</th><th>Day</th></tr>
{% for row in rows %}<tr><td>{{ row.0 }}</td><td>{{ row.1 }}</td><td>{{ row.2 }}</td><td>{{ row.3 }}</td></tr>
{% endfor %}</table></html>"""

settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    DATABASES=DATABASES,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
    LOGGING_CONFIG=None,
)


def table(request):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, amount, day FROM benchmark_row WHERE owner = %s ORDER BY id LIMIT 40",
            [request.GET.get("owner", "7")],
        )
        rows = cursor.fetchall()
    return HttpResponse(template.render({"rows": rows}))


urlpatterns = [path("", table)]
application = get_wsgi_application()
template = engines["django"].from_string(PAGE)
