"""What an operator may set about the HTTP server, read once; holds values, builds nothing."""

import difflib
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Self

import msgspec

__all__ = ["FORM_URL_VARIABLE", "ApiSettings", "SettingsError", "form_address"]

FORM_URL_VARIABLE = "OPMODEL_FORM_URL"
PREFIX = "OPMODEL_API_"

Positive = Annotated[int, msgspec.Meta(ge=1)]


class SettingsError(ValueError):
    """A variable of the environment is misspelt or malformed; the message names it."""


class ApiSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the server listens and how much of it one caller may use.

    Attributes
    ----------
    host, port
        Where to listen. The default is this machine alone: TLS belongs to a proxy before it.
    workers
        Server processes. Each has its own pool, capture and limits.
    pool_max
        Database connections of one process. Times ``workers`` it must stay below the
        server's ``max_connections``.
    max_body_kb
        Largest JSON body, in kB of 1 000 bytes.
    max_file_mb
        Largest file of units, people or responses, in MB of 1 000 000 bytes.
    file_memory_mb
        Memory of the process that reads such a file, in MB of 1 000 000 bytes.
    file_seconds
        How long it may take, from the first byte read to the last row stored.
    key_limit
        Requests of one API key per minute and process.
    form_limit
        Requests with one invitation token per minute and process.
    trusted_proxies
        Networks (CIDR) of the proxies whose ``X-Forwarded-For`` is believed, separated by
        commas. The audit trail then keeps where a request came from; empty, it does not.
    log_level
        Least severe messages that are logged.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 8000
    workers: Positive = 1
    pool_max: Positive = 8
    max_body_kb: Positive = 1_000
    max_file_mb: Positive = 100
    file_memory_mb: Positive = 3_000
    file_seconds: Positive = 120
    key_limit: Positive = 1_200
    form_limit: Positive = 120
    trusted_proxies: str = ""
    log_level: Annotated[str, msgspec.Meta(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"

    def __post_init__(self) -> None:
        """Read the networks of the proxies, so that a mistake is found at the start."""
        self.proxy_networks()

    @property
    def address(self) -> str:
        """Return where the server answers on this machine."""
        return f"http://{self.host}:{self.port}"

    def proxy_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Return the networks of the trusted proxies.

        Raises
        ------
        SettingsError
            One is no network.
        """
        given = [one.strip() for one in self.trusted_proxies.split(",") if one.strip()]
        try:
            return tuple(ip_network(one) for one in given)
        except ValueError as error:
            msg = (
                f"{PREFIX}TRUSTED_PROXIES: Expected networks such as 10.0.0.0/8, separated by "
                f"commas; {error}."
            )
            raise SettingsError(msg) from error

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Build settings from the ``OPMODEL_API_*`` variables.

        Raises
        ------
        SettingsError
            A variable is unknown or holds what it may not; the message names it.
        """
        given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        known = {PREFIX + field.upper(): field for field in cls.__struct_fields__}
        for name in given:
            if name not in known:
                raise SettingsError(_misspelt(name, list(known)))
        values = {}
        for name, value in given.items():
            kind = cls.__annotations__[known[name]]
            try:
                values[known[name]] = msgspec.convert(value, kind, strict=False)
            except msgspec.ValidationError as error:
                msg = f"{name}: {error}."
                raise SettingsError(msg) from error
        return cls(**values)

    def as_environ(self) -> dict[str, str]:
        """Return the variables that give these settings again, for worker processes."""
        return {
            PREFIX + field.upper(): str(getattr(self, field))
            for field in self.__struct_fields__
        }


def form_address(settings: ApiSettings, environ: Mapping[str, str]) -> str:
    """Return the address below which people's browsers find the form.

    Parameters
    ----------
    settings
        Say where this server is, unless ``OPMODEL_FORM_URL`` in ``environ`` names another
        address, such as that of a proxy.
    """
    return environ.get(FORM_URL_VARIABLE) or settings.address


def _misspelt(name: str, known: list[str]) -> str:
    # The prefix would make every name look like every other.
    endings = {full.removeprefix(PREFIX): full for full in known}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), endings, n=1)
    hint = f"Did you mean {endings[near[0]]}?" if near else f"Known are {', '.join(known)}."
    return f"{name} is not a setting. {hint}"
