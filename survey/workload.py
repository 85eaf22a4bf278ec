"""Every job of the platform; what it is and when it is retried is said beside its topic."""

from collections.abc import Mapping
from typing import Any

from survey.campaigns.close import closing
from survey.campaigns.due import closing_when_due
from survey.campaigns.joiners import following_the_directory
from survey.campaigns.opening import opening_when_due
from survey.campaigns.reminders import reminding, reminding_now
from survey.jobs.kind import Work
from survey.jobs.store import Clock
from survey.messages.delivery import delivering
from survey.messages.message import Channel
from survey.releases.compute import releasing
from survey.sealing.seals import Seals

__all__ = ["workload"]


def workload(
    *,
    server_key: bytes,
    seals: Seals,
    channels: Mapping[str, Channel],
    form_url: str,
    clock: Clock,
) -> tuple[Work[Any], ...]:
    """Return what a worker does.

    Parameters
    ----------
    server_key : bytes
        From which tokens are derived.
    seals : Seals
        Open what is sealed when a campaign closes.
    channels : mapping of name to Channel
        Where messages may go.
    form_url : str
        Address of the server as people's browsers see it.
    clock : callable
        Returns the present moment, UTC.
    """
    return (
        delivering(server_key=server_key, channels=channels, form_url=form_url, clock=clock),
        opening_when_due(
            server_key=server_key, keys=seals.keys, channels=channels, clock=clock
        ),
        following_the_directory(server_key=server_key, clock=clock),
        reminding(clock=clock),
        reminding_now(clock=clock),
        closing_when_due(clock=clock),
        closing(seals=seals, clock=clock),
        releasing(clock=clock),
    )
