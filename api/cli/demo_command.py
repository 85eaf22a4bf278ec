"""`opmodel demo`: an invented company is surveyed through the API, and analysed."""

import asyncio
import os
import signal
import sys
import time

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from analytics.results import Analysis
from api.demo.campaign import OpenCampaign, close_and_release, open_next_wave
from api.demo.crowd import answer_all
from api.demo.server import running_server
from api.terminal.report import print_analysis
from models.engine import start_engine, stop_engine
from models.location import resolve_database, running_database
from models.migrate import migrate
from survey.access.server_key import server_key

__all__ = ["command"]


@click.command("demo")
@click.option("--serve", is_flag=True, help="Keep serving afterwards, until Ctrl-C.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), help="Where to serve; a free port by default."
)
def command(*, serve: bool, port: int | None) -> None:
    """Survey an invented company of 1 800 people through the API, and analyse it.

    Every run is another wave of the same company. All of it stays in the database, which is
    opmodel's own unless DATABASE_URL names another.
    """
    console = Console(stderr=True, highlight=False)
    started = time.perf_counter()
    location = resolve_database(os.environ)
    key = server_key(os.environ, home=location.home)
    with running_database(location) as database:
        asyncio.run(migrate(database.dsn))
        kind = "of its own" if location.is_embedded else "that DATABASE_URL names"
        console.print(f"[green]✓[/] PostgreSQL {kind} is ready")
        log = location.home / "demo-server.log"
        with running_server(database.dsn, log=log, port=port) as address:
            console.print(f"[green]✓[/] API at {address}, described at {address}/schema")
            opened, analysis, names = asyncio.run(_survey(database.dsn, key, address, console))
            _report(opened, analysis, names)
            console.print(f"\nAll of it took {time.perf_counter() - started:.0f} seconds.")
            if serve:
                console.print(f"Serving at {address}; Ctrl-C ends it.")
                _wait_for_the_end()


async def _survey(
    dsn: str, key: bytes, address: str, console: Console
) -> tuple[OpenCampaign, Analysis, dict[str, str]]:
    """Open a wave, let people answer, close and release it."""
    await start_engine(dsn)
    try:
        opened = await open_next_wave(key)
        console.print(
            f"[green]✓[/] {opened.company}: wave {opened.wave} is open, "
            f"{opened.invited:,} people are invited"
        )
        with _progress(console) as progress:
            task = progress.add_task("answer through the API", total=len(opened.sheets))
            await answer_all(address, opened.sheets, done=lambda: progress.advance(task))
        analysis, names = await close_and_release(opened)
        console.print(
            "[green]✓[/] Closed: rows are in random order, nothing leads back to a person\n"
            "[green]✓[/] Released: these figures never change"
        )
        return opened, analysis, names
    finally:
        await stop_engine()


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("  "),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=console,
    )


def _report(opened: OpenCampaign, analysis: Analysis, names: dict[str, str]) -> None:
    print_analysis(
        analysis,
        names,
        file=sys.stdout,
        title=f"{opened.company}, wave {opened.wave}: AI operating model per business unit",
        notes=(
            "The company and its answers are invented, from a fixed seed. Sponsors who did "
            "not consent to being shown are in no figure.",
        ),
    )


def _wait_for_the_end() -> None:
    """Wait for Ctrl-C or a request to end."""
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    signal.sigwait(signals)
