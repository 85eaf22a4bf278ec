"""A process that needs the embedded database: reports it and keeps it running.

Run as ``python -m tests.models.embedded_process HOME``. It prints a line of JSON once it has a
database, and another whenever it becomes the owner or the server has restarted. It ends when
its input ends.
"""

import asyncio
import contextlib
import json
import sys
from pathlib import Path

from models.embedded import EmbeddedPostgres, attach_or_start


def say(server: EmbeddedPostgres) -> tuple[bool, int | None]:
    """Print address, ownership and process id; return the last two."""
    said = (server.is_owner, server.pid)
    print(json.dumps({"dsn": server.dsn, "owner": said[0], "pid": said[1]}), flush=True)  # noqa: T201 - its answer
    return said


async def report(server: EmbeddedPostgres) -> None:
    """Print the line again whenever it has changed."""
    said = say(server)
    while True:
        await asyncio.sleep(0.02)
        if (server.is_owner, server.pid) != said:
            said = say(server)


async def main(home: Path) -> None:
    """Keep the database running until the input ends."""
    server = attach_or_start(home)
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(server.watch(every_s=0.05)),
            group.create_task(report(server)),
        ]
        await loop.run_in_executor(None, sys.stdin.read)
        for task in tasks:
            task.cancel()
    server.stop()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(Path(sys.argv[1])))
