"""`opmodel demo`: an invented company is surveyed through the API, and analysed."""

import asyncio
import os
import sys
import time
from typing import Any
from uuid import UUID

import click
import httpx
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from analytics.results import Analysis
from api.cli.environment import configured_keys
from api.cli.report_options import report_options, require_units, view_of
from api.demo.campaign import (
    OpenCampaign,
    close_and_release,
    key_for_a_day,
    open_next_wave,
)
from api.demo.crowd import answer_all
from api.demo.server import running_server
from api.serving.running import run
from api.serving.working import configured_workload
from api.settings import ApiSettings
from api.terminal.report import View, print_report
from models.engine import start_engine, stop_engine
from models.location import (
    RunningDatabase,
    data_directory,
    resolve_database,
    running_database,
)
from models.migrate import migrate
from seed.content import vocabulary
from seed.demo.organisation import demo_units
from survey.access.audit import use_server_key
from survey.access.server_key import server_key
from survey.messages.channels import DEVELOPMENT, ENVIRONMENT_VARIABLE, configured_channels
from survey.messages.link import LINK
from survey.report.document import Count, Sentence, Verbatim, say
from survey.report.wording import Wording, nearest_locale
from survey.sealing.key_folder import KeyFolder

__all__ = ["command"]

Surveyed = tuple[OpenCampaign, Analysis, dict[str, str]]


@click.command("demo")
@click.option("--serve", is_flag=True, help="Keep serving afterwards, until Ctrl-C.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), help="Where to serve; a free port by default."
)
@report_options
def command(*, serve: bool, port: int | None, **given: Any) -> None:
    """Survey an invented company of 1 800 people through the API, and analyse it.

    Every run is another wave of the same company. All of it stays in the database, which is
    opmodel's own unless DATABASE_URL names another. With --serve, the API and a worker stay,
    and a key that is good for a day is printed, with two links into the next wave, to try the
    form as an employee and as a sponsor.
    """
    view = view_of(given)
    require_units(view.units, {unit.code for unit in demo_units()})
    progress = _Progress(view.locale)
    started = time.perf_counter()
    # For the server, the worker and this process alike: the company is invented.
    os.environ[ENVIRONMENT_VARIABLE] = DEVELOPMENT
    location = resolve_database(os.environ)
    key, keys = server_key(os.environ, home=location.home), configured_keys()
    with running_database(location) as database:
        asyncio.run(migrate(database.owner, login=database.dsn))
        progress.done(say("demo.embedded" if location.is_embedded else "demo.database"))
        log = location.home / "demo-server.log"
        with running_server(
            database.dsn,
            keys=keys,
            log=log,
            port=port,
            slow=lambda: progress.remark(say("demo.slow", file=Verbatim(str(log)))),
        ) as address:
            progress.done(say("demo.api", address=Verbatim(address)))
            surveyed = asyncio.run(_survey(database, key, keys, address, progress))
            _report(surveyed, view)
            seconds = Count(round(time.perf_counter() - started))
            progress.remark(say("demo.took", count=seconds))
            if serve:
                _serve(database, key, keys, address, surveyed[0], progress)


class _Progress:
    """Says what is done so far, in the language of the report."""

    def __init__(self, locale: str) -> None:
        self._console = Console(stderr=True, highlight=False, markup=False)
        self._wording = Wording(nearest_locale(locale)[0], vocabulary(), {})

    def done(self, sentence: Sentence) -> None:
        """Print a step that is done."""
        self._console.print(Text.assemble(("✓", "green"), " ", self.text(sentence)))

    def remark(self, sentence: Sentence) -> None:
        """Print a sentence that stands apart."""
        self._console.print(f"\n{self.text(sentence)}")

    def text(self, sentence: Sentence) -> str:
        """Return a sentence in the reader's language."""
        return self._wording.text(sentence)

    def counting(self) -> Progress:
        """Return a bar that counts."""
        return Progress(
            TextColumn("  "),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=self._console,
        )


async def _survey(
    database: RunningDatabase,
    key: bytes,
    keys: KeyFolder,
    address: str,
    progress: _Progress,
) -> Surveyed:
    """Open a wave, let people answer, close and release it."""
    use_server_key(lambda: key)
    await start_engine(database.dsn, owner=database.owner)
    try:
        channels = configured_channels(os.environ, home=data_directory(os.environ))
        opened = await open_next_wave(key, keys, channels=channels)
        company, wave = Verbatim(opened.company), Count(opened.wave)
        progress.done(say("demo.open", company=company, wave=wave, count=Count(opened.invited)))
        with progress.counting() as bar:
            task = bar.add_task(progress.text(say("demo.answer")), total=len(opened.sheets))
            await answer_all(address, opened.sheets, done=lambda: bar.advance(task))
        analysis, names = await close_and_release(opened, keys)
        progress.done(say("demo.closed"))
        progress.done(say("demo.released"))
        return opened, analysis, names
    finally:
        await stop_engine()


def _report(surveyed: Surveyed, view: View) -> None:
    opened, analysis, names = surveyed
    company, wave = Verbatim(opened.company), Count(opened.wave)
    print_report(
        analysis,
        names,
        vocabulary(),
        file=sys.stdout,
        view=view,
        title=say("report.title.wave", company=company, wave=wave),
        remarks=(say("remark.invented"),),
    )


def _serve(
    database: RunningDatabase,
    key: bytes,
    keys: KeyFolder,
    address: str,
    opened: OpenCampaign,
    progress: _Progress,
) -> None:
    """Say how to get in, and work on what is due until Ctrl-C or a request to end."""
    issued, tokens = asyncio.run(_prepare(database, key, keys, opened.organisation))
    latest = f"{address}/v1/campaigns/{opened.campaign}/releases/latest"
    enter = progress.text(say("demo.enter", address=Verbatim(address)))
    click.echo(
        f"\n{progress.text(say('demo.key'))}\n"
        f"{issued}\n\n"
        f"{enter}\n"
        f'curl -H "Authorization: Bearer {issued}" {latest}\n\n'
        f"{progress.text(say('demo.try.employee'))}\n"
        f"{address}/f/{tokens['contributor']}\n"
        f"{progress.text(say('demo.try.sponsor'))}\n"
        f"{address}/f/{tokens['sponsor']}\n\n"
        f"{progress.text(say('demo.stays'))}"
    )
    jobs = configured_workload(_settings(address), server_key=key, keys=keys)
    asyncio.run(run(database, http=None, jobs=jobs, keys=keys))


async def _prepare(
    database: RunningDatabase, key: bytes, keys: KeyFolder, organisation: UUID
) -> tuple[str, dict[str, str]]:
    """Return a key, and the tokens of the next wave, of which nobody is sent anything."""
    await start_engine(database.dsn, owner=database.owner)
    try:
        channels = configured_channels(os.environ, home=data_directory(os.environ))
        opened = await open_next_wave(key, keys, channels=channels, channel=LINK)
        return await key_for_a_day(organisation), opened.tokens
    finally:
        await stop_engine()


def _settings(address: str) -> ApiSettings:
    """Return the settings under which links in invitations lead to the server."""
    url = httpx.URL(address)
    settings = ApiSettings.from_env(os.environ)
    return msgspec.structs.replace(settings, host=url.host, port=url.port or settings.port)
