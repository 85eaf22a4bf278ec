"""Personal links for the office: as a table, as codes, and as letters to print."""

from functools import partial
from typing import Annotated, Any, TypeAlias, cast

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter
from litestar.response import Stream

from api.description.problems import problems
from api.documents.letters import (
    DocumentsNotInstalled,
    LetterSheet,
    NotPrintable,
    Paper,
    code_svg,
    printed_letters,
    require_documents,
)
from api.documents.link_table import COLUMNS, link_lines
from api.http.addresses import CampaignId, ExternalId
from api.http.apart import UploadsBusy
from api.http.auth import requires
from api.http.paging import PageRequest, link_headers, paged
from api.http.refusals import NotAcceptable
from api.http.request import JSON, OFFERED, wanted_media
from api.http.services import services_of
from api.http.tables import CSV
from api.schemas.wire import Page
from models.edges import MAX_CODE
from survey.access.errors import TrailKeyDiffers
from survey.access.keys import Principal
from survey.access.scopes import LINKS
from survey.campaigns.errors import CampaignNotFound, LinksOfNobody, LinksWhileOpenOnly
from survey.campaigns.links import (
    LinkFilter,
    LinkMaker,
    PersonalLink,
    WithoutChannel,
    all_links,
    hand_out_link,
    hand_out_links,
    letter_material,
    links_of,
)
from survey.errors import FieldInvalid
from survey.paging import Page as FoundPage
from survey.paging import id_after

__all__ = ["LinkController"]

Answer: TypeAlias = Response[Page[PersonalLink]]

PDF, SVG = "application/pdf", "image/svg+xml"
NAMELESS_HEADER = "Letters-Without-Name"
_MAX_CONTACT = 200
_ROW = "e-1042,Ines Roth,D01,Sales,contributor,en,http://127.0.0.1:8000/f/9f2c1d7a...\r\n"
_TABLE = {JSON: "", CSV: f"{','.join(COLUMNS)}\r\n{_ROW}"}
_SAVED = "attachment; filename={}"


def _wanted(
    unit: Annotated[
        str | None,
        QueryParameter(
            max_length=MAX_CODE,
            schema_extra={"max_length": MAX_CODE},
            description="Code of a unit: only its people, and those of units below it.",
        ),
    ] = None,
    without: Annotated[
        WithoutChannel | None,
        QueryParameter(
            description="`email`: only people without an address, or whose message failed."
        ),
    ] = None,
) -> LinkFilter:
    """Read whose links are wanted."""
    return LinkFilter(unit=unit, without=without)


class LinkController(Controller):
    """Hand out personal links; who has answered shows nowhere."""

    path = "/campaigns/{campaignId:uuid}/invitations"
    tags = ("Campaigns",)
    dependencies = {"wanted": Provide(_wanted, sync_to_thread=False)}  # noqa: RUF012 - as the framework declares it

    @get(
        "/links",
        operation_id="ExportLinks",
        summary="Export personal links",
        guards=[requires(LINKS, whole=True)],
        opt={OFFERED: _TABLE},
        responses=problems(
            CampaignNotFound, LinksWhileOpenOnly, FieldInvalid, NotAcceptable, TrailKeyDiffers
        ),
    )
    async def links(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
        wanted: NamedDependency[LinkFilter],
    ) -> Answer:
        """Return a link per person invited, by unit; whether they have answered or not.

        Whoever has a link can answer in the person's place: keep the list as you would keep
        passwords. With `Accept: text/csv` all links come at once, whatever `limit` says. Every
        export is in the audit trail. From then on, answers saved under these links can be
        continued only on the device that began them, and the privacy texts say why.
        """
        as_csv = wanted_media(request) == CSV
        handed = await hand_out_links(
            principal.organisation,
            campaign_id,
            wanted,
            form="csv" if as_csv else "json",
            after=None if as_csv else id_after(page.after),
            limit=None if as_csv else page.limit,
            by=principal.actor,
        )
        if as_csv:
            rows = link_lines(all_links(principal.organisation, handed, _maker(request)))
            saved = {"Content-Disposition": _SAVED.format("links.csv")}
            return cast(Answer, Stream(rows, media_type=CSV, headers=saved))
        found = await links_of(principal.organisation, handed.invitations, _maker(request))
        return paged(request, page, FoundPage(items=tuple(found), next=handed.following))

    @get(
        "/letters",
        operation_id="PrintLetters",
        summary="Print letters with personal links",
        guards=[requires(LINKS, whole=True)],
        opt={OFFERED: {PDF: "%PDF-1.7 ..."}},
        responses=problems(
            CampaignNotFound,
            LinksWhileOpenOnly,
            FieldInvalid,
            NotAcceptable,
            NotPrintable,
            DocumentsNotInstalled,
            UploadsBusy,
            TrailKeyDiffers,
        ),
    )
    async def letters(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
        wanted: NamedDependency[LinkFilter],
        paper: Annotated[Paper, QueryParameter(description="`a4` or `letter`.")] = "a4",
        contact: Annotated[
            str | None,
            QueryParameter(
                max_length=_MAX_CONTACT,
                schema_extra={"max_length": _MAX_CONTACT},
                description="Whom people may ask, such as a name and a telephone number.",
            ),
        ] = None,
    ) -> Response[bytes]:
        """Return a PDF with a page per person in the person's language, ordered by unit.

        It has `limit` letters; the header `Link` leads to the next ones. Name and unit stand
        where an envelope with a window shows them. `Letters-Without-Name` says how many
        letters show the external id instead, because no font has all characters of the name.
        As an export of links, every page of letters is in the audit trail.
        """
        wanted_media(request)
        require_documents()
        material = await letter_material(
            principal.organisation, campaign_id, contact=contact or None
        )
        handed = await hand_out_links(
            principal.organisation,
            campaign_id,
            wanted,
            form="letters",
            after=id_after(page.after),
            limit=page.limit,
            by=principal.actor,
        )
        found = await links_of(
            principal.organisation,
            handed.invitations,
            _maker(request),
        )
        printed = await services_of(request).apart.do(
            partial(printed_letters, LetterSheet.of(material, paper), found),
            named=lambda: "letters",
        )
        _, headers = link_headers(request, page, handed.following)
        headers |= {
            "Content-Disposition": _SAVED.format("letters.pdf"),
            NAMELESS_HEADER: str(printed.nameless),
        }
        return Response(printed.pdf, media_type=PDF, headers=headers)

    @get(
        "/{externalId:str}/qr.svg",
        operation_id="ReadLinkCode",
        summary="Read a personal link as a QR code",
        guards=[requires(LINKS, whole=True)],
        opt={OFFERED: {SVG: '<svg viewBox="0 0 45 45">...</svg>'}},
        responses=problems(
            CampaignNotFound, LinksOfNobody, LinksWhileOpenOnly, NotAcceptable, TrailKeyDiffers
        ),
    )
    async def code(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        external_id: ExternalId,
        principal: NamedDependency[Principal],
    ) -> Response[bytes]:
        """Return the QR code of one person's link; recorded as an export of one link."""
        wanted_media(request)
        invitation = await hand_out_link(
            principal.organisation, campaign_id, external_id, form="code", by=principal.actor
        )
        (link,) = await links_of(
            principal.organisation,
            [invitation],
            _maker(request),
        )
        return Response(code_svg(link.link), media_type=SVG)


def _maker(request: Request[Any, Any, Any]) -> LinkMaker:
    services = services_of(request)
    return LinkMaker(server_key=services.server_key, form_url=services.form_url)
