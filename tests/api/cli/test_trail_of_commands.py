"""Every command that changes or exports something is in the audit trail, or says why not."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import pytest

from api.cli import opmodel
from api.description.bodies import example_of
from survey.access.audit_reading import list_events, verify_trail
from survey.access.keys import KeyPlan, create_key
from survey.catalogue.operating_models import OperatingModels
from survey.directory.organisations import read_organisation
from survey.instruments.definition import InstrumentDefinition
from tests.api.cli.installation import Installation
from tests.api.prepared import opened
from tests.factories.server import KEYS, NOW, SERVER_KEY

CHANGE_NOTHING = {
    "analyse": "reads files, and no database",
    "audit head": "reads",
    "audit verify": "reads",
    "campaign audience": "reads",
    "campaign keys": "reads",
    "channel list": "reads",
    "campaign list": "reads",
    "demo": "goes through the use cases that record",
    "key list": "reads",
    "migrate": "changes tables, and no organisation's data",
    "serve": "every request is recorded by itself",
    "template": "writes a blank file",
    "worker": "every job is recorded by itself",
}
TESTED_ELSEWHERE = {
    "channel remove": "test_channel.py: it needs a channel",
    "audit new-key": "test_audit.py: it needs another server key",
    "restore": "test_backup.py: it needs a database of its own",
}
"""Recorded."""

PEOPLE = "external_id,email,display_name,unit_code,role\ne-1,e1@x.example,New,D01,contributor\n"
MAIL = ["--url", "smtp://127.0.0.1:2525", "--sender", "Office <office@example.com>"]
ANSWERS = "unit,role,data_readiness_1\n" + "D01,contributor,3\n" * 2


def file(folder: Path, name: str, content: Any) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / name).write_text(text)
    return str(folder / name)


Arguments = Callable[[Path, str, str], list[str]]
"""From a folder, the name of the organisation and the prefix of a key."""

RECORDED: dict[str, tuple[str, Arguments]] = {
    "backup": ("backup.made", lambda folder, *_: [str(folder / "all.opmodel")]),
    "campaign abandon": ("campaign.abandoned", lambda *_: ["AI at work", "--yes"]),
    "campaign close": ("campaign.closed", lambda *_: ["AI at work"]),
    "campaign letters": (
        "invitations.links_exported",
        lambda folder, *_: ["AI at work", "--out", str(folder / "letters.pdf")],
    ),
    "campaign links": (
        "invitations.links_exported",
        lambda folder, *_: ["AI at work", "--out", str(folder / "links.csv")],
    ),
    "channel set": ("channel.set", lambda *_: ["email", *MAIL]),
    "channel test": ("channel.tested", lambda *_: ["folder", "--person", "e-1042"]),
    "import instrument": (
        "instrument.drafted",
        lambda folder, *_: [file(folder, "own.json", example_of(InstrumentDefinition))],
    ),
    "import operating-models": (
        "catalogue.loaded",
        lambda folder, *_: [file(folder, "own.json", example_of(OperatingModels))],
    ),
    "import organisation": (
        "organisation.changed",
        lambda folder, name, _: [
            file(folder, "own.json", {"key": name, "name": "Other", "min_group": 9})
        ],
    ),
    "import people": (
        "people.synced",
        lambda folder, *_: [file(folder, "people.csv", PEOPLE)],
    ),
    "import responses": (
        "responses.imported",
        lambda folder, *_: [file(folder, "a.csv", ANSWERS), "--campaign", "AI at work"],
    ),
    "import units": (
        "units.synced",
        lambda folder, *_: [
            file(folder, "units.csv", "code,name,parent_code,headcount\nX,X,,3\n")
        ],
    ),
    "key create": ("key.created", lambda *_: ["--name", "new", "--all-scopes"]),
    "key rotate": ("key.rotated", lambda _, __, prefix: [prefix]),
    "key revoke": ("key.revoked", lambda _, __, prefix: [prefix]),
}
NAMES_ITS_ORGANISATION = {"backup", "import organisation"}


def leaves(group: click.Group, *names: str) -> Iterator[str]:
    """Yield the whole name of every command."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from leaves(command, *names, name)
        else:
            yield " ".join((*names, name))


def test_every_command_is_recorded_or_has_a_reason() -> None:
    assert sorted([*CHANGE_NOTHING, *RECORDED, *TESTED_ELSEWHERE]) == sorted(leaves(opmodel))


@pytest.mark.parametrize("name", RECORDED)
@pytest.mark.slow
async def test_a_command_that_changes_something_is_in_the_trail(
    database: str, organisation: UUID, tmp_path: Path, name: str
) -> None:
    await opened(organisation)
    made = await create_key(organisation, KeyPlan(name="x", scopes=("org:read",)), now=NOW)
    key = (await read_organisation(organisation)).key
    action, arguments = RECORDED[name]
    machine = Installation(
        tmp_path,
        DATABASE_URL=database,
        OPMODEL_SECRET_KEY=SERVER_KEY.decode(),
        OPMODEL_KEYS=str(KEYS.folder),
    )
    chosen = [] if name in NAMES_ITS_ORGANISATION else ["--organisation", key]

    await asyncio.to_thread(
        machine.done, *name.split(), *arguments(tmp_path, key, made.prefix), *chosen
    )

    told = (await list_events(organisation)).items[0]
    by = "platform" if name == "campaign close" else "command_line"
    assert (told.action, told.actor.kind) == (action, by)
    assert (await verify_trail(organisation)).problem is None
