"""Alerts by e-mail: threads, answers of the server, TLS, and nothing from the wire in a header."""

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.settings import Settings, SettingsError
from streams.subscriber import Misconfigured, NotNow, Refused
from streams.subscriber.mail import Mail, address, compose
from tests.subscriber.conftest import MailServer, alert, server_context

TO = "desk@example.org"
EVERY_HEADER = {
    "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted", "mime-version", "content-type",
    "content-transfer-encoding",
}  # fmt: skip


def mail(server, **settings):
    return Mail(Settings(**{**server.settings, "smtp_tls": "none", **settings}), TO, lambda one: f"{one.headline}\n“Свідок”")


def test_a_message_says_who_to_whom_and_what(mail_server):
    mail(mail_server)(alert(headline="Frappe à Odessa : 3 morts"), b"")
    (got,) = mail_server.got
    assert (got["from"], got["to"], got["subject"]) == ("newsroom@example.org", TO, "Frappe à Odessa : 3 morts")
    assert got["date"].datetime == alert().sent and got["auto-submitted"] == "auto-generated"
    assert got.get_content().replace("\r\n", "\n") == "Frappe à Odessa : 3 morts\n“Свідок”\n"


def test_an_incident_is_a_thread(mail_server):
    send = mail(mail_server)
    send(alert(id="a1"), b"")
    send(alert(id="a2", msg_type="update", references=["a1"]), b"")
    send(alert(id="a3", msg_type="cancel", references=["a1", "a2"]), b"")
    first, second, third = mail_server.got
    assert second["in-reply-to"] == first["message-id"] == "<a1@example.org>"
    assert third["references"].split() == [first["message-id"], second["message-id"]]
    assert third["in-reply-to"] == second["message-id"]


def test_the_same_alert_has_the_same_message_id(mail_server):
    send = mail(mail_server)
    send(alert(), b"")
    send(alert(), b"")
    assert len({got["message-id"] for got in mail_server.got}) == 1


def test_many_references_survive_the_folding(mail_server):
    ids = [f"{number:032x}" for number in range(100)]
    mail(mail_server)(alert(references=ids), b"")
    assert mail_server.got[0]["references"].split() == [f"<{id_}@example.org>" for id_ in ids]
    assert max(map(len, mail_server.raw[0].splitlines())) <= 998


@pytest.mark.parametrize(("refusal", "kind"), [("550 no such desk", Refused), ("451 busy", NotNow), ("421 going away", NotNow)])
def test_what_the_server_answers(mail_server, refusal, kind):
    mail_server.refusal = refusal
    with pytest.raises(kind, match=refusal.split()[1]):
        mail(mail_server)(alert(), b"")


def test_a_server_that_is_not_there_is_for_later():
    with MailServer() as server:
        pass
    with pytest.raises(NotNow, match="refused"):
        mail(server)(alert(), b"")


def test_a_server_without_tls_gets_nothing_unless_it_may(mail_server):
    with pytest.raises(Misconfigured, match="STARTTLS"):
        mail(mail_server, smtp_tls="starttls")(alert(), b"")
    assert mail_server.got == []


@pytest.fixture
def starttls(trusted):
    with MailServer(tls_context=trusted, require_starttls=True, auth_required=True) as server:
        yield server


def test_starttls_and_a_login(starttls, tmp_path):
    file = tmp_path / "password"
    file.write_text("hush\n")
    mail(starttls, smtp_tls="starttls", smtp_user="newsroom", smtp_password_file=str(file))(alert(), b"")
    assert (len(starttls.got), starttls.logins) == (1, [(b"newsroom", b"hush")])


def test_a_wrong_password_is_no_fault_of_the_alert(starttls):
    with pytest.raises(Misconfigured) as error:
        mail(starttls, smtp_tls="starttls", smtp_user="newsroom", smtp_password="wrong")(alert(), b"")
    assert "wrong" not in str(error.value)


def test_tls_from_the_start(trusted):
    with MailServer(ssl_context=trusted) as server:
        mail(server, smtp_tls="tls")(alert(), b"")
    assert len(server.got) == 1


def test_a_certificate_that_nobody_signed_gets_nothing(authority):
    with MailServer(tls_context=server_context(authority)) as server, pytest.raises(NotNow, match="certificate"):
        mail(server, smtp_tls="starttls")(alert(), b"")
    assert server.got == []


@pytest.mark.parametrize(
    "text", ["", "desk", "desk@", "@example.org", "a@b\r\nBcc: c@d", "a@b, c@d", "Desk <a@b>", "a b@c", "a@b\x00", "a@b\u202e"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(Misconfigured, match="no e-mail address"):
        address(text)


def test_a_sender_must_be_set():
    with pytest.raises(Misconfigured, match="NEWSROOM_SMTP_FROM"):
        Mail(Settings(), TO, str)


@pytest.mark.parametrize("headline", ["=?utf-8?q?=0D=0ABcc:x?=", "é =?utf-8?b?DQpCY2M6IHg=?= é", "=?=?utf-8?q?=0ABcc:x?="])
def test_a_headline_that_looks_encoded_is_text(headline):
    raw = compose(alert(headline=headline), address("newsroom@example.org"), address(TO), "x").as_bytes(policy=policy.SMTP)
    got = message_from_bytes(raw, policy=policy.default)
    assert {name.lower() for name in got} <= EVERY_HEADER
    assert got["subject"] == headline.replace("=?", "= ?")


NASTY = "\r\n\t\x00\x0b\x0c\x1b\x85\u2028\u2029\u202e\ud800 :;<>@\"\\=?_aé"
HOSTILE = st.text(st.one_of(st.sampled_from(NASTY), st.characters()), max_size=80)


@given(HOSTILE, HOSTILE, st.lists(HOSTILE, max_size=3), HOSTILE)
def test_nothing_of_an_alert_adds_a_header_or_controls_the_reader(id_, headline, references, body):
    one = alert(id=id_.replace("\ud800", ""), headline=headline, references=[text.replace("\ud800", "") for text in references])
    raw = compose(one, address("newsroom@example.org"), address(TO), body).as_bytes(policy=policy.SMTP)
    got = message_from_bytes(raw, policy=policy.default)
    assert {name.lower() for name in got} <= EVERY_HEADER and len(got.keys()) == len(set(got.keys()))
    assert all(character.isprintable() for character in got["subject"])
    assert got["message-id"].count("@") == 1 and len(got.get("references", "").split()) == len(references)
    assert all(c.isprintable() or c in "\r\n" for c in got.get_content())




@pytest.mark.parametrize(
    ("given", "said"),
    [({"NEWSROOM_SMTP_USER": "u"}, "NEWSROOM_SMTP_PASSWORD_FILE"),
     ({"NEWSROOM_SMTP_USER": "u", "NEWSROOM_SMTP_PASSWORD": "hush", "NEWSROOM_SMTP_TLS": "none"}, "in the clear"),
     ({"NEWSROOM_SMTP_PASSWORD_FILE": "/nowhere"}, "names no file that can be read")],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused(given, said):
    with pytest.raises(SettingsError, match=said) as error:
        Settings.from_env(given)
    assert "hush" not in str(error.value)


def test_settings_do_not_show_secrets():
    shown = repr(Settings(smtp_password="hush", webhook_secret="whsec_hush"))
    assert "hush" not in shown and shown.count("'***'") == 2


def test_headers_stay_short_whatever_lies_on_the_topic():
    hostile = alert(headline="é\r\nBcc: all@example.org " * 50_000, references=[f"r{number}" for number in range(50_000)])
    message = compose(hostile, address("newsroom@example.org"), address("desk@example.org"), "body")
    assert set(message.keys()) <= {*compose(alert(references=["r"]), *(address("a@example.org"),) * 2, "body").keys()}
    assert max(len(str(value)) for value in message.values()) < 3_000
    assert message["References"].split()[-1] == message["In-Reply-To"] == "<r49999@example.org>"
