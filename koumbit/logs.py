"""Log lines for machines: JSON, UTC, without the names, amounts or query strings of anyone."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

_QUERY_STRING = re.compile(r"\?[^\s'\"]*")


class JsonFormatter(logging.Formatter):
    """One JSON object a line. Of an exception: its class and where it was raised, never its text,
    which may quote a row."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _QUERY_STRING.sub("?…", record.getMessage()),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(line, ensure_ascii=False)
