"""What the privacy statement of a campaign rests on."""

from uuid import UUID

from models.engine import connection, reading
from survey.campaigns.errors import CampaignNotFound
from survey.instruments.store import definition_of
from survey.report.privacy import PrivacyFacts

__all__ = ["privacy_facts"]

_FACTS = """
SELECT o.name AS organisation, c.name, c.wave, c.state, c.mode, c.instrument, c.min_group,
       c.min_comments, c.min_drivers, c.keys_exported_at,
       EXISTS (SELECT FROM invitation i WHERE i.campaign = c.id AND i.link_exported) AS links
FROM campaign c JOIN organisation o ON o.id = c.organisation WHERE c.id = $1
"""


async def privacy_facts(organisation: UUID, campaign_id: UUID, *, locale: str) -> PrivacyFacts:
    """Return what a campaign's privacy statement says.

    Parameters
    ----------
    locale : str
        BCP 47; the words of the form are in the instrument's language nearest to it.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    """
    async with reading(organisation):
        row = await connection().fetchrow(_FACTS, campaign_id)
        if row is None:
            raise CampaignNotFound(campaign_id)
        definition = await definition_of(organisation, row["instrument"])
    told = definition.privacy_text(
        mode=row["mode"],
        role="contributor",
        locale=definition.locale_for(locale),
        min_group=row["min_group"],
        min_comments=row["min_comments"],
    )
    return PrivacyFacts(
        organisation=row["organisation"],
        campaign=row["name"],
        wave=row["wave"],
        state=row["state"],
        mode=row["mode"],
        instrument=f"{definition.key}@{definition.version}",
        questions=len(definition.items),
        comments=len(definition.comments),
        min_group=row["min_group"],
        min_comments=row["min_comments"],
        min_drivers=row["min_drivers"],
        told=tuple(" ".join(part.split()) for part in told.split("\n\n") if part.strip()),
        key_exports=tuple(sorted(at.date() for at in row["keys_exported_at"])),
        links_handed_out=row["links"],
    )
