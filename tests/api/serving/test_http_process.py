"""An HTTP process that ends is started again, with patience, unless it never served."""

from pathlib import Path

import pytest

from api.failures import CommandFailed
from api.serving import http_process
from api.serving.http_process import STEADY_S, Restarts, keep_serving
from api.settings import ApiSettings
from survey.sealing.key_folder import KeyFolder
from tests.api.cli.installation import free_port


async def test_a_server_that_never_answered_is_a_failure_and_not_started_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(http_process, "_PROGRAM", "tests.api.serving.ends_at_once")

    with pytest.raises(CommandFailed, match="ended with code 3"):
        await keep_serving(
            ApiSettings(port=free_port()),
            dsn="postgresql://localhost/none",
            keys=KeyFolder(tmp_path),
            greet=lambda: pytest.fail("it greeted"),
        )


def test_a_server_that_ends_soon_each_time_is_started_more_and_more_rarely() -> None:
    restarts = Restarts()

    waits = [restarts.wait_s(-9, lived_s=1) for _ in range(8)]

    assert waits == sorted(waits)
    assert waits[0] < 1 < waits[-1] == waits[-2]


def test_a_server_that_has_lived_for_long_is_started_again_at_once() -> None:
    restarts = Restarts()
    for _ in range(8):
        restarts.wait_s(-9, lived_s=1)

    assert restarts.wait_s(-9, lived_s=STEADY_S) == 0
    assert restarts.wait_s(-9, lived_s=1) < 1


def test_the_log_says_that_a_server_has_ended_and_when_it_is_started_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    Restarts().wait_s(-9, lived_s=7)

    assert [record.getMessage() for record in caplog.records] == [
        "The HTTP server has ended with code -9 after 7 seconds; "
        "it is started again in 0.25 seconds."
    ]
