"""What every request goes through before any app sees it."""

from django.db import OperationalError
from django.shortcuts import render


def readable_cookies(get_response):
    """A cookie with a NUL byte is nobody's: PostgreSQL could not even look for such a session."""

    def middleware(request):
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return get_response(request)

    return middleware


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
