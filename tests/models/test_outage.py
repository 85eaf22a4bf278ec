"""An outage is two lines in the log, however many calls it fails."""

import asyncpg
import pytest

from models.outage import QUIET_S, Outage

LOST = asyncpg.ConnectionDoesNotExistError("connection was closed")


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outage(clock: Clock) -> Outage:
    return Outage(clock)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_many_failures_are_one_line_at_the_beginning_and_one_at_the_end(
    outage: Outage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(300):
        outage.failed(LOST)
        clock.seconds += 0.1
    clock.seconds += QUIET_S
    for _ in range(300):
        outage.worked()

    assert lines(caplog) == [
        "The database does not do its work: ConnectionDoesNotExistError.",
        "The database does its work again. It failed 300 times in 29.9 seconds.",
    ]


def test_a_partial_outage_does_not_end_with_each_success(
    outage: Outage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(50):
        outage.failed(asyncpg.LockNotAvailableError("timeout"))
        outage.worked()
        clock.seconds += QUIET_S / 2

    assert len(lines(caplog)) == 1


def test_the_next_outage_is_told_again(
    outage: Outage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        outage.failed(LOST)
        clock.seconds += QUIET_S
        outage.worked()

    assert len(lines(caplog)) == 4


@pytest.mark.parametrize(
    "failure",
    [
        asyncpg.UndefinedTableError("no such table"),
        asyncpg.DeadlockDetectedError("two transactions met"),
        LookupError("ours"),
    ],
)
def test_what_is_not_the_fault_of_the_database_is_no_outage(
    outage: Outage, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    outage.failed(failure)

    assert lines(caplog) == []


def test_no_line_quotes_what_the_database_said(
    outage: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    outage.failed(asyncpg.DiskFullError("secret of a row"))

    assert "secret" not in caplog.text
