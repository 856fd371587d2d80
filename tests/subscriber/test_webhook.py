"""What goes to a webhook, what it may answer, and where it may be."""

import base64
import hashlib
import hmac
import json
import socket
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook as Verifier

from streams.codec import encode
from streams.subscriber import Misconfigured, NotNow, Refused
from streams.subscriber.webhook import Webhook, checked_url, is_public, judge
from tests.subscriber.conftest import SECRET, Receiver, alert, server_context


def post(receiver, one=None, secrets=SECRET, **options):
    one = one or alert()
    with Webhook(receiver.url, secrets, allow_private=True, **options) as output:
        output(one, encode(one))


def test_the_receiver_gets_the_bytes_of_the_topic_and_can_verify_them(receiver):
    post(receiver)
    ((headers, body),) = receiver.got
    assert body == encode(alert())
    assert (headers["content-type"], headers["webhook-id"]) == ("application/json", "a1")
    assert Verifier(SECRET).verify(body, headers)["headline"] == alert().headline


def test_another_secret_or_another_body_does_not_verify(receiver):
    post(receiver)
    ((headers, body),) = receiver.got
    other = "whsec_" + "b3RoZXI=" * 4
    for secret, found in ((other.replace("=", "A"), body), (SECRET, body.replace(b"19", b"91"))):
        with pytest.raises(Exception, match="signature"):
            Verifier(secret).verify(found, headers)


def test_the_signature_is_the_one_of_the_standard():
    output = Webhook("https://desk.example/", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr")
    headers = output.headers("msg_1", b'{"test": 1}', datetime.fromtimestamp(1614265330, UTC))
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr")
    expected = base64.b64encode(hmac.new(key, b'msg_1.1614265330.{"test": 1}', hashlib.sha256).digest()).decode()
    assert headers["webhook-timestamp"] == "1614265330" and headers["webhook-signature"] == f"v1,{expected}"


def test_two_secrets_sign_so_that_one_can_be_replaced(receiver):
    new = "whsec_" + "bmV3" * 8
    post(receiver, secrets=f"{SECRET} {new}")
    ((headers, body),) = receiver.got
    for secret in (SECRET, new):
        Verifier(secret).verify(body, headers)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!!", SECRET.removeprefix("whsec_")])
def test_a_secret_that_is_none_is_refused_and_not_shown(secret):
    with pytest.raises(Misconfigured) as error:
        Webhook("https://desk.example/", secret)
    assert not secret or secret == "whsec_" or secret not in str(error.value)


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_trouble_is_for_later(receiver, status):
    receiver.answers = [(status, {"retry-after": "7"}, b"busy")]
    with pytest.raises(NotNow, match=f"{status}: busy") as error:
        post(receiver)
    assert error.value.seconds == 7


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_a_no_is_a_no(receiver, status):
    receiver.answers = [(status, {}, b"who are you? " * 1000)]
    with pytest.raises(Refused, match=f"{status}: who") as error:
        post(receiver)
    assert len(str(error.value)) < 600


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver, status):
    receiver.answers = [(status, {"location": "/elsewhere"}, b""), (204, {}, b"")]
    with pytest.raises(Refused, match="redirects are not followed"):
        post(receiver)
    assert receiver.paths == ["/alerts"]


def test_a_receiver_that_is_not_there_is_for_later(receiver):
    receiver.shutdown()
    receiver.server_close()
    with pytest.raises(NotNow, match="localhost"):
        post(receiver)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "127.1", "2130706433", "0x7f000001", "0.0.0.0"])
def test_a_private_address_is_refused_whatever_its_name(receiver, host):
    refused = pytest.raises((Refused, Misconfigured), match=r"no public address|canonical")
    with Webhook(f"https://{host}:{receiver.server_port}/", SECRET) as output, refused:
        output(alert(), b"{}")
    assert receiver.got == []


def test_a_name_that_changes_its_mind_after_the_check_is_refused(receiver, monkeypatch):
    """The address that is checked is the one that is connected to: there is no second look-up to deceive."""
    asked = []

    def resolve(host, port, *_, **__):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiver.server_port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with Webhook(f"https://rebind.example:{receiver.server_port}/", SECRET) as output, pytest.raises(Refused, match="no public address"):
        output(alert(), b"{}")
    assert asked == ["rebind.example"] and receiver.got == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1",
     "255.255.255.255", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%1", "fc00::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1",
     "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:db8::1", "::7f00:1",
     "64:ff9b:1::7f00:1", "2002:c0a8:101::", "192.0.0.8", "192.88.99.1", "3fff::1", "5f00::1", "::ffff:192.0.0.170", "100::1"],
)  # fmt: skip
def test_no_such_address_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::5db8:d70e", "::ffff:1.1.1.1"])
def test_such_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "why"),
    [("http://desk.example/", "not HTTPS"), ("ftp://desk.example/", "no web address"), ("desk.example", "no web address"),
     ("https://", "no web address"), ("https://desk.example:99999/", "no web address"), ("file:///etc/passwd", "no web address"),
     ("https://user:pw@desk.example/", "user name or password"), ("http://user:pw@desk.example/", "user name or password"),
     ("https://user:pw@desk.example:99999/", "user name or password"), ("ftp://:pw@desk.example/", "user name or password"),
     ("http://desk.example/?token=pw", "not HTTPS"), ("ftp://desk.example/?token=pw", "no web address"),
     ("https://desk.example:99999/?token=pw", "no web address")],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused(url, why):
    with pytest.raises(Misconfigured, match=why) as error:
        checked_url(url, allow_private=False)
    assert "pw" not in str(error.value).replace("passwd", "")


def test_https_is_checked_against_the_name(trusted):
    with Receiver(trusted) as receiver:
        post(receiver)
        assert len(receiver.got) == 1
        receiver.url = receiver.url.replace("localhost", "127.0.0.1")
        with pytest.raises(NotNow, match="certificate"):
            post(receiver)
        assert len(receiver.got) == 1


def test_a_certificate_that_nobody_signed_gets_nothing(authority):
    with Receiver(server_context(authority)) as receiver, pytest.raises(NotNow, match="certificate"):
        post(receiver)
    assert receiver.got == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(receiver, monkeypatch):
    def resolve(*_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, receiver.server_port)) for address in ("127.0.0.1", "1.1.1.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with Webhook(f"https://two.example:{receiver.server_port}/", SECRET) as output, pytest.raises(Refused, match=r"127\.0\.0\.1"):
        output(alert(), b"{}")
    assert receiver.got == []


def test_no_proxy_of_the_environment_gets_the_alert(receiver, monkeypatch):
    with Receiver() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        post(receiver)
        assert proxy.got == [] and len(receiver.got) == 1


def test_nothing_in_an_alert_says_where_it_goes(receiver):
    """Only the command line names the receiver: what lies on the topic is the body and the id, and nothing else."""
    post(receiver, alert(id="http://evil.example/", headline="@evil.example", incident="/elsewhere?x"))
    ((headers, _),) = receiver.got
    assert receiver.paths == ["/alerts"] and headers["host"].startswith("localhost:")


def test_an_id_from_the_topic_makes_no_header_of_its_own(receiver):
    post(receiver, alert(id="a\r\nx-evil: 1"))
    ((headers, body),) = receiver.got
    assert "x-evil" not in headers and json.loads(body)["id"] == "a\r\nx-evil: 1"


def test_retry_after_may_be_a_date_or_nonsense():
    def asked(text: str) -> float:
        with pytest.raises(NotNow) as error:
            judge(503, text, "")
        return error.value.seconds

    in_an_hour = (datetime.now(UTC) + timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert 3500 < asked(in_an_hour) <= 3600
    assert [asked(text) for text in ("", "soon", "-5", "Thu, 01 Jan 1970 00:00:00 GMT", "²")] == [0] * 5
