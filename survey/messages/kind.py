"""What a kind of channel declares: which settings and secrets it takes, and how it is built."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import msgspec

from survey.errors import FieldInvalid
from survey.messages.message import Channel

__all__ = ["MAX_SETTING", "ChannelKind", "ChannelPlan"]

MAX_SETTING = 1_000
"""Most characters of one setting."""
NOT_SHOWN = "(not shown)"

Setting = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_SETTING)]


class ChannelPlan(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """How a channel is set up, all of it: what is left out is not kept from before."""

    url: Setting | None = None
    """Address of the server. For `email`: `smtp://user@mail.example.com:587?starttls=1` or
    `smtps://user@mail.example.com`; a password in it is moved to the secrets."""
    sender: Setting | None = None
    """Who writes. For `email`: `Name <address@example.com>`."""
    rate_per_minute: Annotated[int, msgspec.Meta(ge=1, le=100_000)] | None = None
    """Most messages that leave in a minute, of all workers together; 600 if it is left out."""
    password: Setting | None = None
    """Of the user in `url`. It is stored encrypted and never shown again."""
    bounce_secret: Setting | None = None
    """What reports of bounced mail are signed with, `whsec_` and at least 24 bytes in base64.
    It is stored encrypted and never shown again."""

    def __repr__(self) -> str:
        return "ChannelPlan(...)"

    def given(self) -> dict[str, Any]:
        """Return what is not left out, by its name here."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if value is not None}


class ChannelKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of channel that organisations set up for themselves."""

    name: str
    takes: frozenset[str]
    """Names of the fields of a plan that mean something to it."""
    secrets: frozenset[str]
    """Those of them that are sealed."""
    settled: Callable[[ChannelPlan], ChannelPlan]
    """Checks a plan and fills in what was left out; raises `FieldInvalid`."""
    build: Callable[[Mapping[str, Any]], Channel]
    """Makes a channel from settings and secrets, by their names; connects to nothing."""

    def divided(self, plan: ChannelPlan) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the settings and the secrets of a plan, checked.

        Raises
        ------
        FieldInvalid
            A field is missing, wrong, or none that this kind takes.
        """
        for name, value in plan.given().items():
            if name not in self.takes:
                shown = NOT_SHOWN if name in {"password", "bounce_secret"} else value
                raise FieldInvalid(name, shown, expected=f"left out: {self.name} has no such")
        given = self.settled(plan).given()
        settings = {name: value for name, value in given.items() if name not in self.secrets}
        return settings, {name: given[name] for name in self.secrets & given.keys()}
