"""A cheap client: prepared requests over persistent connections, one at a time on each."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import uvloop

__all__ = ["Load", "request", "run"]


@dataclass(frozen=True)
class Load:
    """The result of a round."""

    requests: int
    seconds: float
    statuses: dict[int, int]

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def request(path: str, body: bytes, *, token: str) -> bytes:
    """Return the bytes of a whole POST request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def run(port: int, requests: list[bytes], *, clients: int) -> Load:
    """Send every request once, over ``clients`` connections, and count the statuses."""
    return uvloop.run(_run(port, requests, clients))


async def _run(port: int, requests: list[bytes], clients: int) -> Load:
    waiting = iter(requests)
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: _Client(waiting), "127.0.0.1", port)
        for _ in range(clients)
    ]
    started = time.perf_counter()
    for _, client in made:
        client.next()
    await asyncio.gather(*(client.done for _, client in made))
    seconds = time.perf_counter() - started
    statuses: dict[int, int] = {}
    for transport, client in made:
        transport.close()
        for status in client.statuses:
            statuses[status] = statuses.get(status, 0) + 1
    return Load(len(requests), seconds, statuses)


class _Client(asyncio.Protocol):
    """One connection: it sends the next request when the response to the last has arrived."""

    def __init__(self, waiting: Iterator[bytes]) -> None:
        self.waiting = waiting
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.statuses: list[int] = []
        self.buffer = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def next(self) -> None:
        following = next(self.waiting, None)
        if following is None:
            self.done.set_result(None)
        elif self.transport is not None:
            self.transport.write(following)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0] or 0)
        if len(rest) >= length:
            self.statuses.append(int(head[9:12]))
            self.buffer = rest[length:]
            self.next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(
                exc or ConnectionResetError("the server closed the connection")
            )
