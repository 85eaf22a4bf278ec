"""Finding a campaign by what people call it."""

from uuid import UUID

from survey.campaigns.read import CampaignView, list_campaigns
from survey.errors import NotFound
from survey.paging import whole_list

__all__ = ["NoSuchCampaign", "find_campaign"]


class NoSuchCampaign(NotFound):
    """No campaign goes by this name and wave, or several do."""

    code = "no-such-campaign"

    def __init__(self, named: str, known: tuple[str, ...]) -> None:
        there_are = "; ".join(known) or "none yet"
        super().__init__(
            f"No one campaign goes by {named}. There are: {there_are}.",
            campaign=named,
            known=list(known),
        )


async def find_campaign(
    organisation: UUID, name: str, *, wave: int | None = None
) -> CampaignView:
    """Return the campaign of this id or name.

    Parameters
    ----------
    name : str
        Its id, or its name.
    wave : int, optional
        Which wave; needed where several have the name.

    Raises
    ------
    NoSuchCampaign
        None is so called, or more than one.
    """
    campaigns = await whole_list(
        lambda after, limit: list_campaigns(organisation, after=after, limit=limit)
    )
    found = [
        campaign
        for campaign in campaigns
        if name in {campaign.name, str(campaign.id)} and wave in {None, campaign.wave}
    ]
    if len(found) != 1:
        named = f"{name!r}" if wave is None else f"{name!r}, wave {wave}"
        raise NoSuchCampaign(named, tuple(f"{one.name}, wave {one.wave}" for one in campaigns))
    return found[0]
