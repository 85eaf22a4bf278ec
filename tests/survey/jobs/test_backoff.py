"""When to try again."""

from datetime import timedelta

from survey.jobs.worker import MAX_ATTEMPTS, delay_after, is_last

DELAYS = [delay_after(attempt) for attempt in range(MAX_ATTEMPTS - 1)]


def test_the_first_wait_is_short() -> None:
    assert DELAYS[0] == timedelta(seconds=5)


def test_waits_grow_up_to_an_hour() -> None:
    assert sorted(DELAYS) == DELAYS
    assert DELAYS[-1] == timedelta(hours=1)


def test_a_distant_attempt_waits_no_longer() -> None:
    assert delay_after(1000) == timedelta(hours=1)


def test_the_eighth_attempt_is_the_last() -> None:
    assert [is_last(attempt) for attempt in (0, MAX_ATTEMPTS - 2, MAX_ATTEMPTS - 1)] == [
        False,
        False,
        True,
    ]
