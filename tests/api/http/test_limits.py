"""Buckets of tokens: pure, the clock is an argument."""

import pytest

from api.http import limits
from api.http.limits import Buckets


def test_a_full_bucket_allows_its_quota_and_no_more() -> None:
    buckets = Buckets("key", 3)

    asked = [buckets.take("a", at_s=0.0) for _ in range(4)]

    assert [one.remaining for one in asked] == [2, 1, 0, 0]
    assert [one.retry_after_s for one in asked] == [None, None, None, 20]


def test_a_bucket_refills_steadily() -> None:
    buckets = Buckets("key", 60)
    for _ in range(60):
        buckets.take("a", at_s=0.0)

    assert buckets.take("a", at_s=0.5).retry_after_s == 1
    assert buckets.take("a", at_s=1.5).retry_after_s is None


def test_a_bucket_never_holds_more_than_its_quota() -> None:
    buckets = Buckets("key", 2)
    buckets.take("a", at_s=0.0)

    assert buckets.take("a", at_s=10_000.0).remaining == 1


def test_a_refused_request_takes_nothing() -> None:
    buckets = Buckets("key", 1)
    buckets.take("a", at_s=0.0)
    for _ in range(10):
        buckets.take("a", at_s=1.0)

    assert buckets.take("a", at_s=60.0).retry_after_s is None


def test_each_credential_has_a_bucket_of_its_own() -> None:
    buckets = Buckets("key", 1)
    buckets.take("a", at_s=0.0)

    assert buckets.take("b", at_s=0.0).retry_after_s is None


def test_what_asked_longest_ago_is_forgotten_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MAX_BUCKETS", 2)
    buckets = Buckets("key", 1)
    for credential in ("old", "new", "newer"):
        buckets.take(credential, at_s=0.0)

    assert buckets.take("new", at_s=0.0).retry_after_s == 60
    assert buckets.take("old", at_s=0.0).retry_after_s is None


def test_the_headers_have_the_form_of_the_draft_standard() -> None:
    allowance = Buckets("key", 60).take("a", at_s=0.0)

    assert allowance.headers() == [
        (b"ratelimit-policy", b'"key";q=60;w=60'),
        (b"ratelimit", b'"key";r=59;t=1'),
    ]
