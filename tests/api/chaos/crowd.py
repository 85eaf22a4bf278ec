"""People who submit three times each, and again whenever no answer comes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import msgspec

from tests.factories.open_campaign import ITEMS, answer_sheet

__all__ = ["Crowd", "pattern"]

AT_ONCE = 24
COPIES = 3


def pattern(number: int) -> tuple[int, ...]:
    """Return the answers that one person gives and nobody else."""
    answers = answer_sheet(number).answers
    return tuple(answers[key] for key in ITEMS)


@dataclass
class Crowd:
    """A crowd in front of one address.

    Attributes
    ----------
    acknowledged : list of int
        The numbers of people in the order in which receipts arrived, one per copy.
    failures : list of str
        Calls that ended without a receipt: the status, or the name of the error.
    """

    address: str
    tokens: list[str]
    after_receipt: Callable[[int], None] = lambda _: None
    acknowledged: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    async def submit_all(self) -> None:
        """Submit everybody's answers three times, until each copy has its receipt."""
        room = asyncio.Semaphore(AT_ONCE)
        async with (
            httpx.AsyncClient(base_url=self.address, timeout=20) as client,
            asyncio.TaskGroup() as group,
        ):
            for number, token in enumerate(self.tokens):
                for _ in range(COPIES):
                    group.create_task(self._until_receipt(client, room, number, token))

    async def _until_receipt(
        self, client: httpx.AsyncClient, room: asyncio.Semaphore, number: int, token: str
    ) -> None:
        body = msgspec.json.encode(answer_sheet(number))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        for _ in range(300):
            async with room:
                if await self._submitted(client, body, headers):
                    self.acknowledged.append(number)
                    self.after_receipt(len(self.acknowledged))
                    return
            await asyncio.sleep(0.1)
        msg = f"Person {number} never got a receipt; last: {self.failures[-3:]}"
        raise AssertionError(msg)

    async def _submitted(
        self, client: httpx.AsyncClient, body: bytes, headers: dict[str, str]
    ) -> bool:
        try:
            reply = await client.post("/v1/form", content=body, headers=headers)
        except httpx.TransportError as error:
            self.failures.append(type(error).__name__)
            return False
        if reply.status_code != 200:
            self.failures.append(str(reply.status_code))
        return reply.status_code == 200
