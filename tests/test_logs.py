"""A log line tells type and place of an exception, never what it says: that may be an article."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from streams import logs

SECRET = "the words of the article"


def record_of_a_fault() -> logging.LogRecord:
    try:
        raise ValueError(SECRET)
    except ValueError:
        return logging.LogRecord("streams.app", logging.ERROR, __file__, 1, "it failed after %d articles", (3,), sys.exc_info())


def test_json_lines_have_the_fields_that_machines_ask_for() -> None:
    fields = json.loads(logs.JsonFormatter().format(record_of_a_fault()))
    assert set(fields) == {"time", "level", "logger", "message", "error", "at"}
    assert (fields["level"], fields["logger"], fields["message"]) == ("error", "streams.app", "it failed after 3 articles")
    assert fields["time"].endswith("+00:00")
    assert fields["error"] == "ValueError"
    assert "in record_of_a_fault" in fields["at"]


@pytest.mark.parametrize("formatter", [logs.JsonFormatter(), logs.TextFormatter()], ids=["json", "text"])
def test_what_an_exception_says_stays_out(formatter: logging.Formatter) -> None:
    line = formatter.format(record_of_a_fault())
    assert SECRET not in line
    assert "ValueError" in line


HOSTILE = "a\r\n12:00:00 INFO streams.app  all is well\x1b[2J\x9b31m\u202e\u2028\ud800%s{0}"


@pytest.mark.parametrize("formatter", [logs.JsonFormatter(), logs.TextFormatter()], ids=["json", "text"])
def test_what_a_message_quotes_adds_no_line_and_commands_no_terminal(formatter: logging.Formatter) -> None:
    line = formatter.format(logging.LogRecord("streams.app", logging.WARNING, __file__, 1, "it says %s", (HOSTILE,), None))
    assert line.isprintable()
    line.encode()
    assert "all is well" in line and line.startswith("{") == isinstance(formatter, logs.JsonFormatter)


def said(sparing: logs.Sparing, text: str, *args: object, logger: str = "aiokafka.client") -> str | None:
    record = logging.LogRecord(logger, logging.ERROR, "", 0, text, args, None)
    return record.getMessage() if sparing.filter(record) else None


def test_what_a_library_repeats_is_logged_once_in_ten_seconds_and_counted() -> None:
    now = [0.0]
    sparing = logs.Sparing(lambda: now[0])
    assert said(sparing, "no node %d, 100%%", 1) == "no node 1, 100%"
    assert [said(sparing, "no node %d, 100%%", 1), said(sparing, "no node %d, 100%%", 2)] == [None, None]
    assert said(sparing, "something else") == "something else"
    now[0] = 10.0
    assert said(sparing, "no node %d, 100%%", 3) == "no node 3, 100% (and 2 times more)"
    assert said(sparing, "no node %d, 100%%", 3) is None


def test_what_is_ours_is_always_logged() -> None:
    sparing = logs.Sparing(lambda: 0.0)
    assert [said(sparing, "stopped", logger="streams.app") for _ in range(3)] == ["stopped"] * 3
