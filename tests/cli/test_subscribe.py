"""The reference subscriber on a broker: resumes, drops repeats, and commits only what is delivered."""

import json
import signal
import threading

import pytest

from streams import topics
from streams.cli import topic_io
from streams.codec import encode
from streams.settings import Settings
from tests.cli.conftest import invoke, spawn
from tests.subscriber.conftest import SECRET, MailServer, Receiver, alert


@pytest.fixture
def topic_settings(topic_settings):
    """With short sessions: the embedded broker lets a group wait for half of one."""
    return {**topic_settings, "NEWSROOM_SESSION_SECONDS": "0.6", "NEWSROOM_HEARTBEAT_SECONDS": "0.15"}


@pytest.fixture
def receiver():
    with Receiver() as server:
        yield server


@pytest.fixture
def mail_server():
    with MailServer() as server:
        yield server


def send(environment, *alerts):
    """One batch a message: the embedded broker counts batches where it is asked for the end of a topic."""
    settings = Settings.from_env(environment)
    for one in alerts:
        with topic_io.Publisher(settings) as publisher:
            publisher.send(settings.topic(topics.ALERTS), one.subscription.encode(), encode(one))


def alerts(*ids, **changes):
    return [alert(id=id_, headline=f"Headline {id_}", **changes) for id_ in ids]


def received(environment, limit, *options, **more):
    return invoke("subscribe", "desk", "--limit", str(limit), *options, settings={**environment, **more})


def ids(result):
    assert result.exit_code == 0, result.stderr
    return [json.loads(line)["id"] for line in result.stdout.splitlines()]


def test_alerts_come_in_their_order_and_only_ours(topic_settings):
    send(topic_settings, *alerts("a1"), *alerts("x", subscription="other"), *alerts("a2", "a3"))
    assert ids(received(topic_settings, 3, "--json")) == ["a1", "a2", "a3"]


def test_a_later_run_goes_on_where_the_first_stopped(topic_settings):
    send(topic_settings, *alerts("a1", "a2", "a3"))
    assert ids(received(topic_settings, 2, "--json")) == ["a1", "a2"]
    send(topic_settings, *alerts("a4"))
    assert ids(received(topic_settings, 2, "--json")) == ["a3", "a4"]


def test_a_repeat_is_dropped_also_after_a_restart(topic_settings):
    send(topic_settings, *alerts("a1", "a2", "a1", "a3"))
    assert ids(received(topic_settings, 3, "--json")) == ["a1", "a2", "a3"]
    send(topic_settings, *alerts("a2", "a1", "a4"))
    assert ids(received(topic_settings, 1, "--json")) == ["a4"]


def test_another_group_starts_anew(topic_settings):
    send(topic_settings, *alerts("a1", "a2"))
    assert ids(received(topic_settings, 2, "--json")) == ["a1", "a2"]
    prefix = topic_settings["NEWSROOM_TOPIC_PREFIX"]
    assert ids(received(topic_settings, 1, "--json", "--group", f"{prefix}other")) == ["a1"]


def test_from_latest_counts_the_first_time_only(topic_settings):
    send(topic_settings, *alerts("a1", "a2"))
    process = spawn("subscribe", "desk", "--json", "--from", "latest", "--limit", "1", settings=topic_settings)
    while "receiving" not in process.stderr.readline():
        pass
    stop = threading.Event()  # when the group has joined cannot be seen from outside, so send until something is taken
    sent = []

    def keep_sending():
        while not stop.wait(0.2):
            sent.append(f"b{len(sent)}")
            send(topic_settings, *alerts(sent[-1]))

    thread = threading.Thread(target=keep_sending)
    thread.start()
    try:
        out, _ = process.communicate(timeout=60)
    finally:
        stop.set()
        thread.join()
    first = json.loads(out)["id"]
    assert first in sent
    send(topic_settings, *alerts("last"))
    following = [*sent, "last"][sent.index(first) + 1 :]
    assert ids(received(topic_settings, len(following), "--json", "--from", "latest")) == following


def test_the_terminal_shows_what_a_person_wants(topic_settings):
    send(topic_settings, *alerts("a1", changes=["severity is now Extreme"]), *alerts("a2", msg_type="cancel", references=["a1"]))
    shown = received(topic_settings, 2).stdout
    assert "● alert" in shown and "Headline a1" in shown and "+ severity is now Extreme" in shown and "✗ cancel" in shown
    assert "“A drone fired two missiles”" in shown and "El Obeid, SDN" in shown


def test_nothing_on_the_topic_commands_the_terminal(topic_settings):
    send(topic_settings, alert(id="a1", headline="\x1b[2J\u202e", changes=["\x9b2J"]))
    assert not {"\x1b", "\u202e", "\x9b"} & set(received(topic_settings, 1).stdout)
    prefix = topic_settings["NEWSROOM_TOPIC_PREFIX"]
    assert not {"\x1b", "\u202e", "\x9b"} & set(received(topic_settings, 1, "--json", "--group", f"{prefix}two").stdout)


def test_what_is_no_alert_is_named_and_passed_over(topic_settings):
    settings = Settings.from_env(topic_settings)
    with topic_io.Publisher(settings) as publisher:
        publisher.send(settings.topic(topics.ALERTS), b"desk", b"{}")
        publisher.send(settings.topic(topics.ALERTS), b"desk", None)
    send(topic_settings, *alerts("a1"))
    result = received(topic_settings, 1, "--json")
    assert ids(result) == ["a1"] and "is no alert" in result.stderr


def test_a_subscription_that_is_not_there_is_said_and_waited_for(topic_settings):
    send(topic_settings, *alerts("a1"))
    assert "there is no subscription desk in force" in received(topic_settings, 1, "--json").stderr
    invoke("subscriptions", "put", "-", settings=topic_settings, input="id: desk\n")
    send(topic_settings, *alerts("a2"))
    assert "there is no subscription" not in received(topic_settings, 1, "--json").stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_what_is_delivered_committed(topic_settings, number):
    send(topic_settings, *alerts("a1", "a2"))
    process = spawn("subscribe", "desk", "--json", settings=topic_settings)
    assert [json.loads(process.stdout.readline())["id"] for _ in range(2)] == ["a1", "a2"]
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == {signal.SIGINT: 0, signal.SIGTERM: 143}[number] and "Traceback" not in said
    send(topic_settings, *alerts("a3"))
    assert ids(received(topic_settings, 1, "--json")) == ["a3"]


def webhook(environment, receiver, limit, *options):
    secret = {"NEWSROOM_WEBHOOK_SECRET": SECRET}
    return received(environment, limit, "--webhook", receiver.url, "--allow-private", *options, **secret)


def test_a_webhook_gets_what_lies_on_the_topic(topic_settings, receiver):
    send(topic_settings, *alerts("a1", "a2"))
    assert webhook(topic_settings, receiver, 2).exit_code == 0
    assert [body for _, body in receiver.got] == [encode(one) for one in alerts("a1", "a2")]


def test_a_receiver_that_is_busy_is_asked_again_with_the_same_id(topic_settings, receiver):
    send(topic_settings, *alerts("a1", "a2"))
    receiver.answers = [(503, {}, b"busy"), (204, {}, b"")]
    result = webhook(topic_settings, receiver, 2)
    assert result.exit_code == 0 and "a1: not delivered yet: HTTP 503: busy; again in " in result.stderr
    assert [headers["webhook-id"] for headers, _ in receiver.got] == ["a1", "a1", "a2"]


def test_a_signal_ends_the_waiting_and_what_was_not_delivered_comes_again(topic_settings, receiver):
    send(topic_settings, *alerts("a1"))
    receiver.answers = [(503, {"retry-after": "600"}, b"")]
    settings = {**topic_settings, "NEWSROOM_WEBHOOK_SECRET": SECRET}
    process = spawn("subscribe", "desk", "--webhook", receiver.url, "--allow-private", settings=settings)
    while "again in 600 s" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    receiver.answers = [(204, {}, b"")]
    assert webhook(topic_settings, receiver, 1).exit_code == 0
    assert [headers["webhook-id"] for headers, _ in receiver.got] == ["a1", "a1"]


def test_a_refusal_stops_and_nothing_is_lost(topic_settings, receiver):
    send(topic_settings, *alerts("a1", "a2"))
    receiver.answers = [(204, {}, b""), (400, {}, b"no such field"), (204, {}, b"")]
    result = webhook(topic_settings, receiver, 2)
    assert result.exit_code == 1 and "a2 was refused: HTTP 400: no such field" in result.stderr and "--on-refused skip" in result.stderr
    assert webhook(topic_settings, receiver, 1).exit_code == 0
    assert [headers["webhook-id"] for headers, _ in receiver.got] == ["a1", "a2", "a2"]


def test_a_refusal_can_be_skipped(topic_settings, receiver):
    send(topic_settings, *alerts("a1", "a2"))
    receiver.answers = [(400, {}, b""), (204, {}, b"")]
    result = webhook(topic_settings, receiver, 2, "--on-refused", "skip")
    assert result.exit_code == 0 and "a1 was refused: HTTP 400; skipped" in result.stderr
    assert [headers["webhook-id"] for headers, _ in receiver.got] == ["a1", "a2"]


def test_a_private_address_needs_leave(topic_settings, receiver):
    send(topic_settings, *alerts("a1"))
    url = receiver.url.replace("http:", "https:")
    result = received(topic_settings, 1, "--webhook", url, NEWSROOM_WEBHOOK_SECRET=SECRET)
    assert result.exit_code == 1 and "no public address; --allow-private allows it" in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--webhook", "https://desk.example/"], "NEWSROOM_WEBHOOK_SECRET"), (["--webhook", "http://desk.example/"], "not HTTPS"),
     (["--smtp", "desk@example.org"], "NEWSROOM_SMTP_FROM")],
)  # fmt: skip
def test_a_setting_that_is_missing_is_named_before_anything_is_read(options, said):
    result = invoke("subscribe", "desk", *options, settings={"NEWSROOM_BROKER": "127.0.0.1:1"})
    assert result.exit_code == 78 and said in result.stderr


def test_no_option_takes_a_secret():
    assert not {"secret", "password"} & set(invoke("subscribe", "--help").stdout.lower().split("options:")[1].split("examples")[0].split())


def test_alerts_by_mail(topic_settings, mail_server):
    send(topic_settings, *alerts("a1"), *alerts("a2", msg_type="cancel", references=["a1"]))
    settings = {f"NEWSROOM_{name.upper()}": str(value) for name, value in mail_server.settings.items()}
    result = received(topic_settings, 2, "--smtp", "desk@example.org", **settings, NEWSROOM_SMTP_TLS="none")
    assert result.exit_code == 0, result.stderr
    first, second = mail_server.got
    assert first["subject"] == "Headline a1" and second["references"] == first["message-id"]
    assert "“A drone fired two missiles”" in first.get_content() and "\x1b" not in first.get_content()


def test_one_output_a_run():
    assert invoke("subscribe", "desk", "--json", "--smtp", "a@b").exit_code == 2


def test_a_broker_that_is_away_is_named():
    result = invoke("subscribe", "desk", settings={"NEWSROOM_BROKER": "127.0.0.1:1"})
    assert result.exit_code == 69 and "127.0.0.1:1" in result.stderr
