"""Logs have what an operator needs, and nothing that a respondent wrote or holds."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.serving.logs import json_formatter, log_config
from survey.capture.queue import Capture
from tests.api.callers import as_key
from tests.factories.open_campaign import open_standard_campaign

ANSWER = 4
COMMENT = "a comment about xylophones"
SECRETS = ["xylophone", "zanzibar", "quokka"]


class Log(io.StringIO):
    """Everything that was logged, as it would be written."""

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    """Write everything, from the finest level on, the way the server does."""
    written = Log()
    handler = logging.StreamHandler(written)
    handler.setFormatter(json_formatter())
    root = logging.getLogger()
    levels = {root: root.level}
    for name, settings in log_config("DEBUG")["loggers"].items():
        levels[logging.getLogger(name)] = logging.getLogger(name).level
        logging.getLogger(name).setLevel(settings["level"])
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    for logger, level in levels.items():
        logger.setLevel(level)
    root.removeHandler(handler)


async def test_no_log_has_an_answer_a_comment_or_a_token(
    anybody: httpx.AsyncClient, organisation: UUID, now: datetime, log: Log
) -> None:
    opened = await open_standard_campaign(organisation, now=now)
    token = opened.tokens["P0000"]
    sheet = {"answers": {"data_readiness_1": ANSWER}, "comments": {"comment_help": COMMENT}}
    bodies: list[dict[str, Any]] = [
        sheet,
        sheet,
        sheet | {"durationS": 5},
        {"answers": {"zanzibar_item": 987_654_321}},
        {"answers": {"data_readiness_1": "quokka"}},
        {"comments": {"comment_help": 17}},
        {"unknown": "quokka"},
    ]

    for body in bodies:
        await anybody.put("/v1/form", json=body, headers=as_key(token))
        await anybody.post("/v1/form", json=body, headers=as_key(token))
    await anybody.post("/v1/form", content=b'{"comments": "quokka', headers=as_key(token))
    await anybody.get("/v1/form", headers=as_key(token))
    await anybody.get(f"/v1/form/{token}?token={token}")
    await anybody.get("/v1/organisation", headers=as_key(token))
    for method in ("GET", "POST", "DELETE"):
        for path in (f"/f/{token}", f"/f/{token}/save", f"/f/{token}/none"):
            await anybody.request(method, path, params={"page": "1"}, data={"do": "quokka"})

    written = log.getvalue()
    for secret in (*SECRETS, token, "987654321", "data_readiness", "comment_help"):
        assert secret not in written


async def test_a_failure_of_capture_is_logged_without_the_submission(
    anybody: httpx.AsyncClient,
    organisation: UUID,
    now: datetime,
    log: Log,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = await open_standard_campaign(organisation, now=now)

    async def fail(*_: object) -> None:
        msg = f"row contains {COMMENT}"
        raise ValueError(msg)

    monkeypatch.setattr(Capture, "submit", fail)
    answer = await anybody.post(
        "/v1/form",
        json={"comments": {"comment_help": COMMENT}},
        headers=as_key(opened.tokens["P0000"]),
    )

    assert answer.status_code == 500
    assert "xylophone" not in log.getvalue() + answer.text
    assert [line["failure"] for line in log.lines() if "failure" in line] == [["ValueError"]]


async def test_a_request_has_one_line_with_route_and_outcome(
    client: httpx.AsyncClient, log: Log
) -> None:
    await client.get("/v1/units/secret-unit", headers={"X-Request-Id": "r-7"})

    (line,) = [line for line in log.lines() if line["event"] == "request"]
    assert line.pop("duration_ms") >= 0
    assert UUID(line.pop("key"))
    del line["timestamp"]
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "opmodel.access",
        "method": "GET",
        "route": "/v1/units/{unit}",
        "status": 404,
        "request_id": "r-7",
    }


async def test_the_form_and_the_probes_have_no_line(
    anybody: httpx.AsyncClient, log: Log
) -> None:
    await anybody.get("/v1/form", headers=as_key("t" * 43))
    await anybody.get(f"/f/{'t' * 43}")
    await anybody.post(f"/f/{'t' * 43}", data={"do": "begin"})
    await anybody.get("/preview/none")
    await anybody.get("/form-assets/none.css")
    await anybody.get("/health/live")

    assert [line for line in log.lines() if line["event"] == "request"] == []


async def test_an_address_that_is_none_is_not_repeated(
    anybody: httpx.AsyncClient, log: Log
) -> None:
    await anybody.get("/v1/quokka?zanzibar=1")

    (line,) = [line for line in log.lines() if line["event"] == "request"]
    assert line["route"] == "no such address"


def test_the_words_of_an_exception_are_not_logged(log: Log) -> None:
    try:
        raise KeyError("quokka")
    except KeyError:
        logging.getLogger("somewhere").exception("It failed")

    (line,) = log.lines()
    assert line["failure"] == "KeyError"
    assert "test_logs.py" in line["frames"][0]
    assert "quokka" not in log.getvalue()


def test_what_asyncio_says_of_a_lost_task_is_cut_to_its_first_line(log: Log) -> None:
    logging.getLogger("asyncio").error(
        "Task exception was never retrieved\nfuture: <Task exception=ValueError('quokka')>"
    )

    assert [line["event"] for line in log.lines()] == ["Task exception was never retrieved"]


def test_the_client_of_other_servers_does_not_log_addresses() -> None:
    loggers = log_config("INFO")["loggers"]

    assert loggers["httpx"] == loggers["httpcore"] == {"level": "WARNING"}


async def test_a_failing_form_leaves_no_id_that_its_caller_chose(
    anybody: httpx.AsyncClient, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr("survey.capture.forms.open_form", fail)

    await anybody.get("/v1/form", headers=as_key("t" * 43) | {"X-Request-Id": "kim-example"})

    assert "kim-example" not in log.getvalue()
