"""Log lines for machines: JSON, UTC, without the names, amounts or query strings of anyone."""

import json
import logging
from datetime import UTC, datetime


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            # The traceback's frames, never the exception's text: it may quote a row.
            line["exception"] = record.exc_info[0].__name__
            line["where"] = self.formatException(
                (record.exc_info[0], record.exc_info[0](), record.exc_info[2])
            )
        return json.dumps(line, ensure_ascii=False)
