"""Channels that an organisation sets up for itself, and whether they work."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from api.description.problems import problems
from api.http.addresses import ChannelName
from api.http.auth import requires
from api.http.conditional import Revalidated, tag_of
from api.http.idempotency import Once
from api.http.paging import PageRequest, paged
from api.http.services import services_of
from api.schemas.wire import ChannelTry, Page
from survey.access.keys import Principal
from survey.directory.errors import PersonNotFound
from survey.errors import FieldInvalid
from survey.messages import bounces, setting_up
from survey.messages.bounces import BounceNotSigned, BounceReport
from survey.messages.channels import ChannelNotConfigured
from survey.messages.kind import ChannelPlan
from survey.messages.setting_up import (
    ChannelKindUnknown,
    ChannelNotFound,
    ChannelTest,
    ChannelView,
)

__all__ = ["ChannelController"]

_WRITERS = requires("channels:write", whole=True)


class ChannelController(Controller):
    """Set up, read, try out and remove channels."""

    path = "/channels"
    tags = ("Channels",)

    @get(operation_id="ListChannels", summary="List channels", guards=[_WRITERS])
    async def list(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Page[ChannelView]]:
        """List the channels that the organisation has set up, without their secrets.

        The channels of the installation, such as `folder`, need no settings and are not listed.
        """
        found = await setting_up.list_channels(
            principal.organisation, after=page.after, limit=page.limit
        )
        return paged(request, page, found)

    @get(
        "/{channelKind:str}",
        operation_id="ReadChannel",
        summary="Read a channel",
        guards=[_WRITERS],
        response_class=Revalidated,
        responses=problems(ChannelNotFound),
    )
    async def read(
        self, channel: ChannelName, principal: NamedDependency[Principal]
    ) -> Response[ChannelView]:
        """Return how a channel is set up; which secrets are stored, and never a secret."""
        found = await setting_up.read_channel(principal.organisation, channel)
        return Revalidated(found, tag=tag_of(found))

    @put(
        "/{channelKind:str}",
        operation_id="SetChannel",
        summary="Set up a channel",
        guards=[_WRITERS],
        responses=problems(ChannelKindUnknown, FieldInvalid),
    )
    async def set(
        self,
        request: Request[Any, Any, Any],
        channel: ChannelName,
        data: JSONBody[ChannelPlan],
        principal: NamedDependency[Principal],
        now: NamedDependency[datetime],
    ) -> Response[ChannelView]:
        """Set up a channel, or set it up anew.

        Nothing of how it was before is kept. Secrets must be given again, because whoever could
        change the server alone would have them sent elsewhere. Nothing is sent; try the channel
        out afterwards.
        """
        made = await setting_up.set_channel(
            principal.organisation,
            channel,
            data,
            server_key=services_of(request).server_key,
            now=now,
            by=principal.actor,
        )
        return Response(made, headers={"ETag": tag_of(made)})

    @delete(
        "/{channelKind:str}",
        operation_id="RemoveChannel",
        summary="Remove a channel",
        guards=[_WRITERS],
        responses=problems(ChannelNotFound),
    )
    async def remove(self, channel: ChannelName, principal: NamedDependency[Principal]) -> None:
        """Forget a channel and its secrets; messages that wait for it go on waiting."""
        await setting_up.remove_channel(principal.organisation, channel, by=principal.actor)

    @post(
        "/{channelKind:str}/test",
        operation_id="TryChannel",
        summary="Try out a channel",
        status_code=200,
        guards=[_WRITERS],
        responses=problems(ChannelNotConfigured, PersonNotFound),
    )
    async def test(
        self,
        request: Request[Any, Any, Any],
        channel: ChannelName,
        data: JSONBody[ChannelTry],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
    ) -> Response[ChannelTest]:
        """Send one message without a link to a person, and say what happened.

        A channel that cannot send is no problem of the request: the answer is 200 and says in
        words what is wrong and what to do about it.
        """
        return await once(
            lambda: setting_up.try_channel(
                principal.organisation,
                channel,
                person=data.person,
                installed=services_of(request).channels,
                server_key=services_of(request).server_key,
                by=principal.actor,
            ),
            afterwards=True,
        )

    @post(
        "/email/bounces",
        operation_id="ReportBounce",
        summary="Report a mail that came back",
        status_code=204,
        responses=problems(BounceNotSigned),
    )
    async def bounce(
        self,
        request: Request[Any, Any, Any],
        organisation: Annotated[
            UUID, QueryParameter(description="Id of the organisation: see `bounces`.")
        ],
        data: JSONBody[BounceReport],
        now: NamedDependency[datetime],
    ) -> None:
        """Take a report of whoever watches the sender's mailbox.

        It needs no key, but a signature (Standard Webhooks) with the `bounceSecret` of the
        channel: the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`. Only
        permanent failures of messages that were sent from here count; other reports are taken
        and change nothing.
        """
        await bounces.require_signed(
            organisation,
            request.headers,
            await request.body(),
            server_key=services_of(request).server_key,
            now=now,
        )
        await bounces.take_bounce(organisation, data)
