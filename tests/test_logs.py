import json
import logging

from koumbit.logs import JsonFormatter


def _line(message, *arguments, exc_info=None) -> dict:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, arguments, exc_info)
    return json.loads(JsonFormatter().format(record))


def test_line_is_json_with_its_moment_in_utc():
    line = _line("Not Found: %s", "/hours/")
    assert line.keys() == {"at", "level", "logger", "message"}
    assert line["at"].endswith("+00:00")
    assert (line["level"], line["logger"], line["message"]) == (
        "ERROR",
        "django.request",
        "Not Found: /hours/",
    )


def test_query_strings_are_left_out():
    assert _line("Error handling request %s", "/members/?q=Tremblay&n=1")["message"] == (
        "Error handling request /members/?…"
    )


def test_exception_is_told_without_its_text():
    try:
        raise UnicodeDecodeError("utf-8", b"the SIN 000 000 018", 0, 1, "secret")
    except UnicodeDecodeError as error:
        line = _line("Internal Server Error: %s", "/pay/", exc_info=(type(error), error, error.__traceback__))
    assert line["exception"] == "UnicodeDecodeError"
    assert "test_logs.py" in line["where"]
    assert "000 000 018" not in json.dumps(line["message"]) + line["exception"]
