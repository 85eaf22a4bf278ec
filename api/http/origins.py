"""Where a request comes from, as far as a trusted proxy tells; for the audit trail alone.

Behind a proxy every connection comes from it, and ``X-Forwarded-For`` is whatever somebody has
sent. So nothing is noted unless the operator has said which proxies are believed.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, TypeAlias

from litestar.connection import ASGIConnection

__all__ = ["Network", "Origins"]

Network: TypeAlias = IPv4Network | IPv6Network
Address: TypeAlias = IPv4Address | IPv6Address

_HEADER = "x-forwarded-for"


class Origins:
    """Finds the address of a caller behind trusted proxies.

    Parameters
    ----------
    trusted : sequence of networks
        Of the proxies that are believed; if there are none, no address is ever known.
    """

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = tuple(trusted)

    def of(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
        """Return the IP address of the caller; None if no proxy is trusted, or none was told.

        Each proxy appends the address that it was called from. The last one that is no trusted
        proxy is the caller; what stands before it anybody may have written.
        """
        if not self._trusted or connection.client is None:
            return None
        told = ",".join(connection.headers.getall(_HEADER, [])).split(",")
        found = None
        for given in (connection.client.host, *reversed(told)):
            address = _address(given)
            if address is None:
                break
            found = str(address)
            if not self._trusts(address):
                break
        return found

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _address(text: str) -> Address | None:
    """Read an address; IPv4 may be written as IPv6."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
