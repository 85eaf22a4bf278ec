"""Keys and addresses of a file that belong to somebody who is known already; pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from survey.files.addresses import address_key
from survey.files.keys import caseless

__all__ = ["TakenAddress", "differ_by_zeros", "lookalikes", "taken_addresses"]

_LEADING_ZEROS = re.compile(r"^0+(?=[0-9]+$)")


class TakenAddress(NamedTuple):
    """An address that a file gives to one person, and that another one has."""

    external_id: str
    """Whom the file gives it to."""
    address: str
    owner: str
    """External id of the active person who has it; the file does not name them."""

    @property
    def doubt(self) -> str:
        """Return whose it is, and what has probably happened."""
        zeros = differ_by_zeros(self.external_id, self.owner)
        lost = "; did leading zeros get lost?" if zeros else ""
        return f"the address belongs to {self.owner}{lost}"


def taken_addresses(
    given: Mapping[str, str], *, owners: Mapping[str, str | None], named: Collection[str]
) -> list[TakenAddress]:
    """Return the addresses that belong to somebody whom the file does not name.

    Parameters
    ----------
    given : mapping of external id to address
        Active people of the file.
    owners : mapping of external id to address
        People who are known; None for somebody inactive or without an address.
    named : collection of str
        External ids of everybody in the file: it may move their addresses.
    """
    owner_of = {
        address_key(address): owner
        for owner, address in owners.items()
        if address is not None and owner not in named
    }
    keys = ((person, address, address_key(address)) for person, address in given.items())
    return [
        TakenAddress(person, address, owner_of[key])
        for person, address, key in keys
        if key in owner_of
    ]


def lookalikes(new: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Map new keys to a known one that differs in its case or in leading zeros alone.

    Spreadsheets drop the zeros of keys that are numbers, and some tools change the case.

    Parameters
    ----------
    new : iterable of str
        Canonical keys that are in a file and not known.
    known : iterable of str
        Those that are known and not in the file. A file that holds both spellings means two.
    """
    spelled = {_alike(key): key for key in known}
    return {key: spelled[_alike(key)] for key in new if _alike(key) in spelled}


def differ_by_zeros(one: str, other: str) -> bool:
    """Tell whether two different keys are the same number, one with more leading zeros."""
    bare = [_LEADING_ZEROS.sub("", key) for key in (one, other)]
    return one != other and bare[0] == bare[1]


def _alike(key: str) -> str:
    return _LEADING_ZEROS.sub("", caseless(key))
