"""A campaign whose keys cannot be read takes no answers, says so, and leaves others alone."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from tests.api.callers import as_key
from tests.api.controllers.test_form import SHEET
from tests.factories.campaigns import make_draft
from tests.factories.open_campaign import OpenCampaign, open_standard_campaign
from tests.factories.server import KEYS

Damage = Callable[[Path], object]


@pytest.fixture
async def opened(organisation: UUID, now: datetime) -> OpenCampaign:
    """Give an open campaign with the tokens of its people."""
    return await open_standard_campaign(organisation, now=now)


class Keys:
    """The key folder, which a test may damage."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        shutil.copytree(KEYS.folder, kept)

    def mend(self) -> None:
        """Put everything back."""
        if KEYS.folder.is_file():
            KEYS.folder.unlink()
        for file in self._kept.iterdir():
            if (KEYS.folder / file.name).is_dir():
                (KEYS.folder / file.name).rmdir()
        shutil.copytree(self._kept, KEYS.folder, dirs_exist_ok=True)


@pytest.fixture
def keys(opened: OpenCampaign, tmp_path: Path) -> Iterator[Keys]:
    """Give the key folder to a test, and put everything back afterwards."""
    keys = Keys(tmp_path / "kept")
    yield keys
    keys.mend()


def secret_of(opened: OpenCampaign) -> Path:
    return KEYS.folder / f"{opened.campaign}.secret"


async def submitted(
    anybody: httpx.AsyncClient, opened: OpenCampaign, person: str = "P0000"
) -> httpx.Response:
    return await anybody.post("/v1/form", json=SHEET, headers=as_key(opened.tokens[person]))


def replaced_by_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGES: dict[str, Damage] = {
    "gone": lambda file: file.unlink(),
    "empty": lambda file: file.write_bytes(b""),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "too long": lambda file: file.write_bytes(file.read_bytes() + b"\n"),
    "no file": replaced_by_a_folder,
    "readable by others": lambda file: file.chmod(0o644),
    "folder gone": lambda file: shutil.rmtree(file.parent),
    "folder is a file": lambda file: (shutil.rmtree(file.parent), file.parent.write_bytes(b"")),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
async def test_submissions_are_503_until_the_secret_can_be_read(
    anybody: httpx.AsyncClient,
    opened: OpenCampaign,
    keys: Keys,
    damage: Damage,
    caplog: pytest.LogCaptureFixture,
) -> None:
    damage(secret_of(opened))

    refused = [await submitted(anybody, opened) for _ in range(3)]
    ready = await anybody.get("/health/ready")

    assert {answer.status_code for answer in refused} == {503}
    assert refused[0].json()["type"] == "/problems/keys-missing"
    assert "Retry-After" in refused[0].headers
    assert str(KEYS.folder) not in refused[0].text
    assert ready.status_code == 200
    assert str(opened.campaign) in ready.json()["keysMissing"]
    assert lines_about(opened, caplog) == 1

    keys.mend()
    taken = await submitted(anybody, opened)
    ready = await anybody.get("/health/ready")

    assert taken.status_code == 200
    assert str(opened.campaign) not in ready.json()["keysMissing"]


def lines_about(opened: OpenCampaign, caplog: pytest.LogCaptureFixture) -> int:
    return sum(str(opened.campaign) in record.getMessage() for record in caplog.records)


async def test_other_campaigns_take_answers_meanwhile(
    anybody: httpx.AsyncClient,
    opened: OpenCampaign,
    other_organisation: UUID,
    now: datetime,
    keys: Keys,
) -> None:
    other = await open_standard_campaign(other_organisation, now=now)
    secret_of(opened).write_bytes(b"")

    assert (await submitted(anybody, opened)).status_code == 503
    assert (await submitted(anybody, other)).status_code == 200


async def test_a_new_outage_is_logged_again(
    anybody: httpx.AsyncClient,
    opened: OpenCampaign,
    keys: Keys,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for person in ("P0000", "P0001"):
        secret_of(opened).write_bytes(b"")
        await submitted(anybody, opened, person)
        keys.mend()
        await submitted(anybody, opened, person)

    assert lines_about(opened, caplog) == 2


async def test_answers_are_taken_without_the_key_that_only_closing_needs(
    anybody: httpx.AsyncClient, opened: OpenCampaign, keys: Keys
) -> None:
    secret_of(opened).with_suffix(".key").write_bytes(b"")

    taken = await submitted(anybody, opened)
    ready = await anybody.get("/health/ready")

    assert taken.status_code == 200
    assert str(opened.campaign) in ready.json()["keysMissing"]


async def test_saving_and_opening_the_form_wait_for_the_keys_as_well(
    anybody: httpx.AsyncClient, opened: OpenCampaign, keys: Keys
) -> None:
    somebody = as_key(opened.tokens["P0000"])
    saved = {"answers": {"data_readiness_1": 4}}
    await anybody.put("/v1/form", json=saved, headers=somebody)
    secret_of(opened).unlink()

    assert (await anybody.put("/v1/form", json=saved, headers=somebody)).status_code == 503
    assert (await anybody.get("/v1/form", headers=somebody)).status_code == 503
    keys.mend()
    again = await anybody.get("/v1/form", headers=somebody)
    assert again.json()["saved"]["answers"] == saved["answers"]


async def test_a_secret_of_another_campaign_is_no_secret_of_this_one(
    anybody: httpx.AsyncClient, opened: OpenCampaign, keys: Keys
) -> None:
    secret_of(opened).write_bytes(bytes(32))

    answer = await submitted(anybody, opened)

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/key-exchanged")


async def test_a_campaign_whose_keys_cannot_be_kept_stays_a_draft(
    client: httpx.AsyncClient, organisation: UUID, keys: Keys
) -> None:
    draft = await make_draft(organisation)
    address = f"/v1/campaigns/{draft.id}"
    shutil.rmtree(KEYS.folder)
    KEYS.folder.write_bytes(b"")

    refused = await client.post(f"{address}/open", json={"channel": "console"})

    assert refused.status_code == 503
    assert refused.json()["type"] == "/problems/keys-not-kept"
    assert str(KEYS.folder) not in refused.text
    assert (await client.get(address)).json()["state"] == "draft"

    keys.mend()
    assert (await client.post(f"{address}/open", json={"channel": "console"})).is_success
