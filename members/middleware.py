"""What depends on who is reading: their language, the limits of their session, no stored copies."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.utils import translation
from django.utils.cache import patch_cache_control

LANGUAGE_COOKIE = "language"


def reader_language(get_response):
    """Everything is said in the reader's language: their own, else the one they picked, else the browser's."""

    def middleware(request):
        reader = request.user
        language = reader.language if reader.is_authenticated else asked_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            if hasattr(response, "render") and callable(response.render) and not response.is_rendered:
                response.render()
            response.headers["Content-Language"] = request.LANGUAGE_CODE
            return response

    return middleware


def asked_language(request) -> str:
    """The language picked in this browser, else the browser's. Asks nothing of the database."""
    picked = request.COOKIES.get(LANGUAGE_COOKIE)
    return picked if picked in dict(settings.LANGUAGES) else _browser_language(request)


def _browser_language(request) -> str:
    """French unless the browser asks for English before French."""
    for item in request.headers.get("Accept-Language", "").split(","):
        code = item.split(";")[0].strip().lower()[:2]
        if code == "fr":
            return "fr-ca"
        if code == "en":
            return "en-ca"
    return settings.LANGUAGE_CODE


def session_limits(get_response):
    """A session ends after 30 idle minutes and after 12 hours in any case."""

    def middleware(request):
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault("began_at", now)
            seen = request.session.get("seen_at", now)
            if now - began > settings.SESSION_ABSOLUTE_SECONDS or now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
            elif now - seen >= 60 or "seen_at" not in request.session:
                request.session["seen_at"] = now  # once a minute, so that most requests write nothing
        return get_response(request)

    return middleware


def no_store(get_response):
    """Pages of a signed-in person are kept by no cache, not even the browser's."""

    def middleware(request):
        response = get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            patch_cache_control(response, no_store=True, private=True)
        return response

    return middleware
