"""The HTTP page of a worker: /metrics, /health/live and /health/ready. Knows nothing of what it reports on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST


@asynccontextmanager
async def serve(
    host: str, port: int, metrics: Callable[[], bytes], obstacles: Callable[[], Awaitable[list[str]]]
) -> AsyncIterator[None]:
    """Answer on `host:port` until the block ends. `obstacles` tells in words what stands in the way of being ready; none: ready.

    :raises OSError: the port is taken or the host is not ours.
    """

    async def show_metrics(_: web.Request) -> web.Response:
        return web.Response(body=metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"status": "live"})

    async def ready(_: web.Request) -> web.Response:
        reasons = await obstacles()
        if reasons:
            return web.json_response({"status": "not ready", "reasons": reasons}, status=503)
        return web.json_response({"status": "ready"})

    page = web.Application()
    page.add_routes([web.get("/metrics", show_metrics), web.get("/health/live", live), web.get("/health/ready", ready)])
    runner = web.AppRunner(page, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()
