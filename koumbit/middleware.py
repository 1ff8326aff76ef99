"""What every request goes through before any app sees it."""

from django.db import OperationalError
from django.shortcuts import render


def busy_database(get_response):
    """Answer « busy, try again » when the database is away or a lock does not come free.

    The page is rendered without touching the database.
    """

    def middleware(request):
        return get_response(request)

    def process_exception(request, exception):
        if isinstance(exception, OperationalError):
            return render(None, "503.html", status=503)
        return None

    middleware.process_exception = process_exception
    return middleware
