"""The privacy statement of a campaign, to read, print and paste."""

from typing import Annotated, Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from api.description.problems import problems
from api.documents.prose import as_html, as_markdown
from api.http.addresses import CampaignId
from api.http.auth import requires
from api.http.conditional import Revalidated
from api.http.refusals import NotAcceptable
from api.http.request import OFFERED, wanted_media
from models.edges import MAX_LOCALE
from survey.access.keys import Principal
from survey.campaigns.errors import CampaignNotFound
from survey.campaigns.privacy import privacy_facts
from survey.report.privacy import privacy_statement
from survey.report.vocabulary import FALLBACK_LOCALE
from survey.report.wording import Wording, nearest_locale

__all__ = ["PrivacyController"]

MARKDOWN, HTML = "text/markdown", "text/html"
_TEXTS = {
    MARKDOWN: "# Privacy statement: AI at work\n\nExample Group, wave 1. The survey is open.\n",
    HTML: '<!doctype html>\n<html lang="en">...</html>',
}


class PrivacyController(Controller):
    """Say what a campaign promises."""

    tags = ("Campaigns",)

    @get(
        "/campaigns/{campaignId:uuid}/privacy-statement",
        operation_id="ReadPrivacyStatement",
        summary="Read the privacy statement of a campaign",
        guards=[requires("campaigns:read")],
        response_class=Revalidated,
        opt={OFFERED: _TEXTS},
        responses=problems(CampaignNotFound, NotAcceptable),
    )
    async def read(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
        locale: Annotated[
            str,
            QueryParameter(
                max_length=MAX_LOCALE,
                schema_extra={"max_length": MAX_LOCALE},
                description="Language wanted (BCP 47); English if there is no such statement.",
            ),
        ] = FALLBACK_LOCALE,
    ) -> Revalidated[str]:
        """Return what works councils ask: purpose, readers, thresholds, operators, retention.

        It names nobody. `Accept` chooses Markdown or an HTML page that prints.
        """
        media = wanted_media(request)
        language = _language(locale)
        facts = await privacy_facts(principal.organisation, campaign_id, locale=language)
        write = as_html if media == HTML else as_markdown
        wording = Wording(language, None, {}, topic="privacy")
        written = write(privacy_statement(facts), wording)
        return Revalidated(written, media_type=media, headers={"Vary": "Accept"})


def _language(wanted: str) -> str:
    try:
        return nearest_locale(wanted, "privacy")[0]
    except ValueError:
        return FALLBACK_LOCALE
