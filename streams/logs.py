"""How the worker logs: to read, or a JSON object a line. Never article text: exceptions from outside show their type and place only.
What a message quotes, such as the name of a topic or what a broker says, stays on its line and commands no terminal."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import orjson

from streams.harmless import safe, safe_json

_LIBRARIES = {
    "faust": logging.WARNING,
    "mode": logging.WARNING,
    "aiokafka": logging.WARNING,
    "asyncio": logging.WARNING,
    "kafka": logging.CRITICAL,  # it is used for admin only, and whoever calls it tells what failed
}


SPARING_SECONDS = 10.0
_MOST_SAID = 1_000


class Sparing(logging.Filter):
    """Lets what a library says again and again while a broker is away through once in ten seconds, with how often it was said."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, object], tuple[float, int]] = {}
        """(logger, template of the message) -> when it was let through, and how often it was held back since."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this record is logged."""
        if not record.name.startswith("aiokafka"):
            return True
        what, now = (record.name, record.msg), self._clock()
        at, held_back = self._said.get(what, (now - SPARING_SECONDS, 0))
        if now - at < SPARING_SECONDS:
            self._said[what] = at, held_back + 1
            return False
        if held_back:
            record.msg, record.args = f"{record.getMessage()} (and {held_back} times more)", None
        if len(self._said) >= _MOST_SAID:
            self._said.clear()  # some put what varies into the template
        self._said[what] = now, 0
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `time` (RFC 3339, UTC), `level`, `logger`, `message` and, for an exception, `error` and `at`."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage().encode("utf-8", "replace").decode(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = type(record.exc_info[1]).__name__
            fields["at"] = place(record.exc_info[1])
        return safe_json(orjson.dumps(fields, default=str, option=orjson.OPT_NON_STR_KEYS))


class TextFormatter(logging.Formatter):
    """`12:00:00 WARNING streams.app  message`, with the type and place of an exception behind it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s  %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return safe(super().formatMessage(record))

    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return f"{type(error).__name__} at {place(error)}" if isinstance(error, BaseException) else ""


def configure(level: str, style: Literal["text", "json"]) -> None:
    """Log everything of `level` and above to standard error; the libraries below us only what is wrong."""
    handler = logging.StreamHandler()
    handler.addFilter(Sparing())
    handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, quiet in _LIBRARIES.items():
        logging.getLogger(name).setLevel(quiet)


def place(error: BaseException) -> str:
    """Where an exception came from, innermost last: `file:line in function`. Its message may quote an article, so it is left out."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} in {frame.name}" for frame in frames) or "unknown"
