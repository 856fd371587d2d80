"""The page of a worker against those who should not ask, and those who ask too much."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientResponse, ClientSession

from streams import health
from streams.settings import Settings
from tests.live.harness import free_port

LABEL = 'newsroom_x{source="<script>alert(1)</script>"} 1\n'


def on_page(ask: Callable[[ClientSession, str], Awaitable[object]], host: str = "127.0.0.1", reasons: list[str] | None = None) -> object:
    """What `ask` gets of the page."""

    async def obstacles() -> list[str]:
        return reasons or []

    async def run() -> object:
        port = free_port()
        async with health.serve(host, port, LABEL.encode, obstacles), ClientSession() as session:
            return await ask(session, f"http://127.0.0.1:{port}")

    return asyncio.run(run())


def answer(path: str, method: str = "GET", host: str = "127.0.0.1", **options: object) -> ClientResponse:
    async def ask(session: ClientSession, page: str) -> ClientResponse:
        async with session.request(method, page + path, **options) as response:
            await response.read()
            return response

    found = on_page(ask, host)
    assert isinstance(found, ClientResponse)
    return found


def test_it_listens_to_this_machine_only_unless_told_otherwise() -> None:
    assert Settings().health_host == "127.0.0.1"

    async def ask(_: ClientSession, page: str) -> int:
        with socket.socket() as probe:  # another address of this very machine
            return await asyncio.to_thread(probe.connect_ex, ("127.0.0.2", int(page.rpartition(":")[2])))

    assert on_page(ask) != 0
    assert on_page(ask, host="0.0.0.0") == 0


@pytest.mark.parametrize("path", ["/metrics", "/health/live", "/health/ready"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_it_can_be_asked_and_not_told(path: str, method: str) -> None:
    assert answer(path, method, data=b"x").status == 405
    assert answer(path, "HEAD").status == 200


@pytest.mark.parametrize("path", ["/", "/metrics/", "/health", "/../etc/passwd", "/%2e%2e/etc/passwd", "/static/x", "//metrics"])
def test_there_are_no_other_pages(path: str) -> None:
    assert answer(path).status == 404


@pytest.mark.parametrize("name", ["evil.example", "evil.example:9464", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1"])
def test_a_name_turned_to_this_machine_gets_nothing(name: str) -> None:
    got = answer("/metrics", headers={"Host": name})
    assert got.status == 421
    assert answer("/metrics", host="0.0.0.0", headers={"Host": name}).status == 200  # open to others on purpose: under any name


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:9464", "127.0.0.1", "[::1]:9464", "localhost."])
def test_this_machine_by_its_own_names_is_answered(name: str) -> None:
    assert answer("/health/live", headers={"Host": name}).status == 200


@pytest.mark.parametrize("path", ["/metrics", "/health/live", "/nowhere"])
def test_no_browser_takes_it_for_a_web_page(path: str) -> None:
    headers = answer(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Server"] == "newsroom"
    assert not headers["Content-Type"].startswith("text/html")


def test_many_who_ask_at_once_make_one_look() -> None:
    looks = []

    async def obstacles() -> list[str]:
        looks.append(1)
        return ["the broker does not answer"]

    async def run() -> list[list[str]]:
        ask = health._shared(obstacles)
        first = await asyncio.gather(*(ask() for _ in range(50)))
        assert len(looks) == 1
        return [*first, await ask()]

    assert asyncio.run(run()) == [["the broker does not answer"]] * 51
    assert len(looks) == 2  # who asks later gets a fresh answer


def test_one_who_goes_away_takes_the_answer_from_nobody() -> None:
    begun, done = asyncio.Event(), asyncio.Event()

    async def obstacles() -> list[str]:
        begun.set()
        await done.wait()
        return []

    async def run() -> list[str]:
        ask = health._shared(obstacles)
        gone, waiting = asyncio.create_task(ask()), asyncio.create_task(ask())
        await begun.wait()
        gone.cancel()
        done.set()
        return await waiting

    assert asyncio.run(run()) == []
