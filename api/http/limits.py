"""How often one credential may ask: a bucket of tokens each, in the memory of this process.

Limits are per credential and never per address: a company of 5 000 may share one. Each process
has buckets of its own, so that a caller may get as many times the limit as there are processes.
"""

import math
from collections import OrderedDict

import msgspec

__all__ = ["Allowance", "Buckets"]

WINDOW_S = 60
"""A full bucket refills in this time, in seconds."""
MAX_BUCKETS = 100_000
"""Credentials remembered; then the one that asked longest ago is forgotten."""


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What a credential has left after a request.

    Attributes
    ----------
    policy
        Name of the limit.
    quota
        Requests in a full bucket.
    remaining
        Whole requests left.
    full_in_s
        Seconds until the bucket is full again, rounded up.
    retry_after_s
        Seconds to wait, rounded up; None if the request is allowed.
    """

    policy: str
    quota: int
    remaining: int
    full_in_s: int
    retry_after_s: int | None

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the header fields ``RateLimit-Policy`` and ``RateLimit``."""
        policy = f'"{self.policy}";q={self.quota};w={WINDOW_S}'
        left = f'"{self.policy}";r={self.remaining};t={self.full_in_s}'
        return [
            (b"ratelimit-policy", policy.encode()),
            (b"ratelimit", left.encode()),
        ]


class Buckets:
    """Token buckets that refill steadily.

    Parameters
    ----------
    policy : str
        Name of the limit.
    quota : int
        Requests in a full bucket, which refills in `WINDOW_S` seconds.
    """

    def __init__(self, policy: str, quota: int) -> None:
        self._policy = policy
        self._quota = quota
        self._per_second = quota / WINDOW_S
        self._levels: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def take(self, credential: str, *, at_s: float) -> Allowance:
        """Take one request out of the bucket of a credential.

        Parameters
        ----------
        credential : str
            Whose bucket; only a hash of it is kept, which means nothing elsewhere.
        at_s : float
            The moment on a clock that never goes back, in seconds.
        """
        slot = hash(credential)
        level, since = self._levels.pop(slot, (float(self._quota), at_s))
        level = min(self._quota, level + (at_s - since) * self._per_second)
        allowed = level >= 1
        level -= allowed
        self._levels[slot] = (level, at_s)
        if len(self._levels) > MAX_BUCKETS:
            self._levels.popitem(last=False)
        return Allowance(
            policy=self._policy,
            quota=self._quota,
            remaining=int(level),
            full_in_s=math.ceil((self._quota - level) / self._per_second),
            retry_after_s=None if allowed else math.ceil((1 - level) / self._per_second),
        )
