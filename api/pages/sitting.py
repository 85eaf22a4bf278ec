"""One request to the form of an invitation, and what it brings along."""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.datastructures import Cookie

from api.http.request import media_type
from api.http.services import Services, services_of
from api.pages.rendering import Frame
from api.pages.tickets import Ticket, read_ticket, receipt_mark, sign_ticket
from models.edges import MAX_LOCALE
from survey.capture.drafts import normal_resume_code
from survey.capture.visits import Visit, visit_form

__all__ = ["Sitting", "accepted_languages", "posted_fields"]

_DEVICE, _RECEIPT = "opmodel-device", "opmodel-receipt"
_KEPT_S = 180 * 24 * 3600
"""How long a device keeps its cookies, in seconds."""
_MOST_FIELDS = 1_000
_URLENCODED = "application/x-www-form-urlencoded"


def accepted_languages(request: Request[Any, Any, Any]) -> tuple[str, ...]:
    """Return the languages that a browser accepts, the most wanted first."""
    weighted = []
    for part in request.headers.get("accept-language", "")[:500].split(","):
        name, _, weight = part.partition(";q=")
        try:
            weighted.append((-float(weight or 1), name.strip()))
        except ValueError:
            continue
    return tuple(name for weight, name in sorted(weighted, key=lambda one: one[0]) if weight)


async def posted_fields(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return the fields of a form as it was posted; none if it is no such form."""
    if media_type(request) != _URLENCODED:
        return {}
    body = (await request.body()).decode("utf-8", errors="replace")
    try:
        pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return dict(pairs)


class Sitting(msgspec.Struct, frozen=True, kw_only=True):
    """A request to the form behind a token.

    Attributes
    ----------
    fields
        Of the posted form, or of the address.
    ticket
        What the page before handed on; None if it is missing, forged or too old.
    device
        Resume code of this device; empty if it has none.
    has_receipt
        Whether this device has submitted the form.
    """

    token: str
    services: Services
    fields: Mapping[str, str]
    accepted: tuple[str, ...]
    ticket: Ticket | None
    device: str
    has_receipt: bool
    is_secure: bool

    @classmethod
    def of(
        cls, request: Request[Any, Any, Any], token: str, fields: Mapping[str, str]
    ) -> "Sitting":
        """Read what a request brings."""
        services = services_of(request)
        now_s = services.clock().timestamp()
        ticket = read_ticket(services.server_key, token, fields.get("s", ""), now_s=now_s)
        kept = normal_resume_code(request.cookies.get(_DEVICE, ""))
        mark = receipt_mark(services.server_key, token).encode()
        origin = request.headers.get("origin", "")
        return cls(
            token=token,
            services=services,
            fields=fields,
            accepted=accepted_languages(request),
            ticket=ticket,
            device=(ticket.device if ticket else "") or kept,
            has_receipt=compare_digest(request.cookies.get(_RECEIPT, "").encode(), mark),
            is_secure=origin.startswith("https:") or request.url.scheme == "https",
        )

    @property
    def chosen(self) -> str | None:
        """Return the language that the person has chosen."""
        return self.fields.get("lang", "")[:MAX_LOCALE] or None

    def renewed(self, **fields: Any) -> "Sitting":
        """Return the sitting with other facts."""
        return msgspec.structs.replace(self, **fields)

    async def visit(self) -> Visit:
        """Look at the form as this device may see it.

        Raises
        ------
        InvitationUnknown
            No invitation has this token.
        KeysMissing
            Saved answers cannot be read now.
        """
        return await visit_form(
            self.token,
            chosen=self.chosen,
            accepted=self.accepted,
            device=self.device,
            seals=self.services.seals,
            now=self.services.clock(),
        )

    def frame(self, visit: Visit | None = None) -> Frame:
        """Return what the addresses of the next page carry along; a ticket in any case."""
        ticket = self.ticket or Ticket(since_s=self._now_s(), device=self.device)
        exported = visit is not None and visit.link_exported
        return Frame(
            base=f"/f/{self.token}",
            ticket=sign_ticket(self.services.server_key, self.token, ticket),
            chosen=self.chosen,
            embedded=self.fields.get("embed") == "1",
            code=ticket.device if exported else "",
        )

    def begun(self, device: str, before_s: int) -> "Sitting":
        """Return the sitting after the person has begun, or has come back to go on."""
        ticket = Ticket(since_s=self._now_s(), before_s=before_s, device=device)
        return self.renewed(ticket=ticket, device=device)

    def seconds(self) -> int:
        """Return how long the respondent has been at it."""
        return self.ticket.seconds(self._now_s()) if self.ticket else 0

    def device_cookie(self) -> Cookie:
        """Return what lets this device go on."""
        return self._cookie(_DEVICE, self.device)

    def receipt_cookie(self) -> Cookie:
        """Return what shows this device its receipt."""
        return self._cookie(_RECEIPT, receipt_mark(self.services.server_key, self.token))

    def _cookie(self, name: str, value: str) -> Cookie:
        return Cookie(
            key=name,
            value=value,
            path=f"/f/{self.token}",
            max_age=_KEPT_S,
            httponly=True,
            secure=self.is_secure,
            # Not strict: a link in a mail leads here from elsewhere.
            samesite="lax",
        )

    def _now_s(self) -> int:
        return int(self.services.clock().timestamp())
