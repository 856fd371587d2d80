"""How the program ends: exit codes, and what it leaves unsaid."""

import json
import signal

import pytest

from streams.cli.root import COMMANDS
from tests.cli.conftest import invoke, spawn

LINE = json.dumps({"id": "urn:1", "language": "en", "headline": "A headline", "body": "x " * 5_000}) + "\n"
NOWHERE = {"NEWSROOM_BROKER": "127.0.0.1:1"}


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path):
    articles = tmp_path / "a.jsonl"
    articles.write_text(LINE * 50)
    for arguments in (["tag", str(articles)], ["tag", "--pretty", str(articles)]):
        process = spawn(*arguments)
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 141
        assert process.stderr.read() == ""


def test_ctrl_c_ends_it_quietly():
    process = spawn("tag", "-")
    process.stdin.write(LINE)
    process.stdin.flush()
    process.stdout.readline()  # now it waits for more
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert process.stderr.read() == ""


def test_a_file_that_is_not_there_is_named_before_the_broker_is_asked():
    result = invoke("publish", "no-such-file.json", settings=NOWHERE)
    assert result.exit_code == 2
    assert "'no-such-file.json' does not exist" in result.stderr


@pytest.mark.parametrize("arguments", [["follow", "articles"], ["publish", "-"], ["dead-letters", "list"], ["topics", "check"]])
def test_a_broker_that_is_away_is_named_with_the_cure(arguments):
    result = invoke(*arguments, settings=NOWHERE)
    assert result.exit_code == 69
    assert "127.0.0.1:1" in result.stderr and "NEWSROOM_BROKER" in result.stderr


def test_a_setting_that_cannot_be_is_named():
    result = invoke("topics", "check", settings={"NEWSROOM_BROKER": "kafka:http"})
    assert result.exit_code == 78
    assert "NEWSROOM_BROKER=kafka:http" in result.stderr and "newsroom settings" in result.stderr


def test_a_misspelt_setting_is_pointed_out():
    result = invoke("publish", "-", settings={"NEWSROOM_BROKER": "kafka:http", "NEWSROOM_BROKERS": "x:1"})
    assert "did you mean NEWSROOM_BROKER?" in result.stderr


def test_the_settings_are_listed_with_their_meaning():
    result = invoke("settings")
    assert "NEWSROOM_BROKER " in result.stdout and "localhost:9092" in result.stdout


NESTED = [
    *(["topics", name] for name in ("create", "check")),
    *(["dead-letters", name] for name in ("list", "show", "replay", "resume")),
]


@pytest.mark.parametrize("command", [*([name] for name in COMMANDS), *NESTED], ids=" ".join)
def test_every_help_teaches_with_an_example(command):
    result = invoke(*command, "--help")
    assert result.exit_code == 0
    group = "COMMAND [ARGS]" in result.stdout
    assert group or "Example" in result.stdout


def test_the_help_lists_every_command_and_the_exit_codes():
    result = invoke("--help")
    assert all(f"  {name} " in result.stdout for name in COMMANDS)
    assert "Exit codes" in result.stdout
    assert invoke("no-such-command").exit_code == 2
