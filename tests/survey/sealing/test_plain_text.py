"""Of an open campaign whose keys are elsewhere, nothing lies readable in the server's files."""

import random
import struct
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from models.embedded import EmbeddedPostgres
from seed.content import standard_instrument
from survey.capture.forms import SavedAnswers, open_form, save_answers
from survey.capture.queue import Capture
from survey.capture.submission import Submission
from survey.sealing.errors import KeysMissing
from survey.sealing.sheets import Sheet
from tests.attackers.files import Source, find
from tests.databases import query
from tests.factories.campaigns import close_campaign
from tests.factories.open_campaign import OpenCampaign, open_standard_campaign
from tests.factories.server import KEYS, SEALS

PEOPLE = 24
ITEMS = standard_instrument().item_keys


def submission(number: int, rng: random.Random) -> Submission:
    """Return answers and a comment that nobody else gives."""
    return Submission(
        answers={key: rng.randint(1, 5) for key in ITEMS},
        comments={"comment_help": f"Remarque n° {number} : {rng.getrandbits(80):x} – voilà"},
        duration_s=400,
    )


async def packed(opened: OpenCampaign, given: Submission) -> bytes:
    """Return the answers as they lie in an envelope before it is sealed."""
    seal = await SEALS.of(opened.organisation, opened.campaign)
    sheet = Sheet(
        unit="U0",
        role="contributor",
        function=None,
        locale="en",
        day=None,
        duration_s=400,
        consent=None,
        imported=False,
        person=None,
        answers=tuple(given.answers.values()),
    )
    content = seal.layout.pack([sheet], ())
    start = content.index(bytes(given.answers.values()))
    return content[start : start + len(ITEMS)]


def spoken(given: Submission) -> Iterator[bytes]:
    """Yield the forms in which a comment or answers could be read."""
    answers = list(given.answers.values())
    yield struct.pack(f"<{len(answers)}h", *answers)
    yield msgspec.json.encode(answers)
    yield msgspec.json.encode(given.answers)[1:-1]
    for text in given.comments.values():
        yield text.encode()
        yield text.encode("latin-1", "replace")[-24:-8]
        yield text.encode("utf-16-le")


async def found(server: EmbeddedPostgres, database: str, patterns: list[bytes]) -> set[str]:
    """Return the files of the whole server that hold a pattern."""
    await query(database, "CHECKPOINT")
    files = [path for path in server.folder.root.rglob("*") if path.is_file()]
    sources = (Source(str(path), content(path), [], []) for path in files)
    return {source.name for source, _, _ in find(sources, patterns)}


def content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


class MovingFolder:
    """The key folder, which can be away."""

    def __init__(self) -> None:
        self._elsewhere = KEYS.folder.with_name(f"{KEYS.folder.name}-elsewhere")

    def take_away(self) -> None:
        KEYS.folder.rename(self._elsewhere)

    def bring_back(self) -> None:
        if self._elsewhere.exists():
            self._elsewhere.rename(KEYS.folder)


@pytest.fixture
def keys() -> Iterator[MovingFolder]:
    """Give the key folder to a test, and bring it back afterwards."""
    moving = MovingFolder()
    yield moving
    moving.bring_back()


@pytest.mark.slow
async def test_nothing_can_be_read_until_close(
    server: EmbeddedPostgres,
    database: str,
    organisation: UUID,
    now: datetime,
    keys: MovingFolder,
) -> None:
    opened = await open_standard_campaign(organisation, now=now, people=PEOPLE)
    rng = random.Random(41)
    sheets = [submission(number, rng) for number in range(PEOPLE)]
    await answered(opened, sheets, now)
    patterns = [form for given in sheets for form in spoken(given)]
    patterns += [await packed(opened, given) for given in sheets]

    keys.take_away()
    assert await found(server, database, patterns) == set()
    with pytest.raises(KeysMissing):
        await SEALS.of(organisation, opened.campaign)

    keys.bring_back()
    await close_campaign(organisation, opened.campaign, now=now)
    assert await found(server, database, patterns) != set()


async def answered(opened: OpenCampaign, sheets: list[Submission], now: datetime) -> None:
    """Let everybody save all of it first; all but two then submit."""
    capture = Capture(lambda: now, SEALS)
    await capture.start()
    tokens = [token for key, token in sorted(opened.tokens.items()) if key[0] == "P"]
    for number, (token, given) in enumerate(zip(tokens, sheets, strict=True)):
        await open_form(token, locale=None, seals=SEALS, now=now)
        draft = SavedAnswers(answers=given.answers, comments=given.comments)
        await save_answers(token, draft, seals=SEALS, now=now)
        if number >= 2:
            await capture.submit(token, given)
    await capture.stop()
