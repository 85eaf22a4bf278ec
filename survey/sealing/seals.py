"""The seals of open campaigns in one process, as long as their keys are in the key folder."""

from collections.abc import Sequence
from uuid import UUID

from models.engine import connection, reading
from survey.campaigns.errors import CampaignNotFound
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.store import definition_of
from survey.sealing.errors import KeysMissing
from survey.sealing.key_folder import KeyFolder
from survey.sealing.seal import Seal
from survey.sealing.sheets import Layout

__all__ = ["Seals", "layout_of"]

_CAMPAIGN = "SELECT instrument, public_key, public_key_mark FROM campaign WHERE id = $1"
_UNITS = "SELECT code FROM campaign_unit WHERE campaign = $1"


class Seals:
    """Finds the seal of a campaign; reads the database once for each.

    Parameters
    ----------
    keys : KeyFolder
        Asked every time: a campaign whose keys have been destroyed has no seal.
    """

    def __init__(self, keys: KeyFolder) -> None:
        self.keys = keys
        self._known: dict[UUID, Seal] = {}

    async def of(self, organisation: UUID, campaign: UUID) -> Seal:
        """Return the seal of a campaign that has opened and not closed yet.

        Raises
        ------
        KeysMissing
            Its secret cannot be read in the folder.
        KeyExchanged
            Its public key in the database was exchanged.
        CampaignNotFound
            The organisation has no such campaign.
        """
        try:
            secret = self.keys.secret(campaign)
        except KeysMissing as missing:
            self._known.pop(campaign, None)
            self.keys.report(missing)
            raise
        known = self._known.get(campaign)
        if known is None or known.secret != secret:
            known = await _read(organisation, campaign, secret)
            self._known[campaign] = known
        return known


async def _read(organisation: UUID, campaign: UUID, secret: bytes) -> Seal:
    async with reading(organisation):
        row = await connection().fetchrow(_CAMPAIGN, campaign)
        if row is None:
            raise CampaignNotFound(campaign)
        definition = await definition_of(organisation, row["instrument"])
        units = [unit["code"] for unit in await connection().fetch(_UNITS, campaign)]
    return Seal.of(
        organisation,
        campaign,
        secret=secret,
        public_key=row["public_key"],
        mark=row["public_key_mark"],
        layout=layout_of(definition, units),
    )


def layout_of(definition: InstrumentDefinition, units: Sequence[str]) -> Layout:
    """Return how the sheets of a campaign are laid out, given its instrument and its units."""
    return Layout(
        units=tuple(sorted(units)),
        items=definition.item_keys,
        questions=tuple(comment.key for comment in definition.comments),
        low=definition.scale.low,
    )
