"""When to try again."""

from datetime import timedelta

from survey.jobs.kind import Retry

RETRY = Retry()
DELAYS = [RETRY.delay_after(attempt) for attempt in range(RETRY.attempts - 1)]


def test_the_first_wait_is_short() -> None:
    assert DELAYS[0] == timedelta(seconds=5)


def test_waits_grow_up_to_an_hour() -> None:
    assert sorted(DELAYS) == DELAYS
    assert DELAYS[-1] == timedelta(hours=1)


def test_a_distant_attempt_waits_no_longer() -> None:
    assert RETRY.delay_after(1000) == timedelta(hours=1)


def test_the_eighth_attempt_is_the_last() -> None:
    assert [RETRY.is_last(attempt) for attempt in (0, 6, 7)] == [False, False, True]


def test_a_kind_may_be_given_up_sooner() -> None:
    assert Retry(attempts=3).is_last(2)
