"""The HTTP page of a worker: /metrics, /health/live and /health/ready. Knows nothing of what it reports on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

_HEADERS = {"Server": "newsroom", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
"""Of every answer: metrics hold names from the wire, and no browser shall take them for a page."""

Obstacles = Callable[[], Awaitable[list[str]]]


@asynccontextmanager
async def serve(host: str, port: int, metrics: Callable[[], bytes], obstacles: Obstacles) -> AsyncIterator[None]:
    """Answer on `host:port` until the block ends. `obstacles` tells in words what stands in the way of being ready; none: ready.

    :raises OSError: the port is taken or the host is not ours.
    """
    obstacles = _shared(obstacles)

    async def show_metrics(_: web.Request) -> web.Response:
        return web.Response(body=metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"status": "live"})

    async def ready(_: web.Request) -> web.Response:
        reasons = await obstacles()
        if reasons:
            return web.json_response({"status": "not ready", "reasons": reasons}, status=503)
        return web.json_response({"status": "ready"})

    page = web.Application(middlewares=[_only_from_here] if _is_loopback(host) else [])
    page.on_response_prepare.append(_sign)
    page.add_routes([web.get("/metrics", show_metrics), web.get("/health/live", live), web.get("/health/ready", ready)])
    runner = web.AppRunner(page, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


def _shared(obstacles: Obstacles) -> Obstacles:
    """The same, looked for once for all who ask while the answer is awaited: looking asks the broker."""
    asking: asyncio.Task[list[str]] | None = None

    async def look() -> list[str]:
        return await obstacles()

    async def ask() -> list[str]:
        nonlocal asking
        if asking is None or asking.done():
            asking = asyncio.create_task(look())
        return await asyncio.shield(asking)

    return ask


async def _sign(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)


@web.middleware
async def _only_from_here(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    """A web page elsewhere whose name was turned to this machine's loopback address (DNS rebinding) gets nothing."""
    if not _is_loopback(request.url.host or ""):
        raise web.HTTPMisdirectedRequest(text="ask for 127.0.0.1 or localhost; NEWSROOM_HEALTH_HOST opens the page to others\n")
    return await handler(request)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
