"""The form of one invitation; its token is the credential and appears in no address."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from api.description.problems import problems
from api.http.auth import invitation_token, require_invitation
from api.http.express import refused_already
from api.http.routes import QUIET
from api.http.services import services_of
from models.edges import MAX_LOCALE
from survey.capture import forms
from survey.capture.errors import (
    AlreadySubmitted,
    CampaignClosing,
    CampaignNotOpen,
    CaptureOverloaded,
    DraftElsewhere,
    StorageUnavailable,
    SubmissionRejected,
)
from survey.capture.forms import FormView, SavedAnswers
from survey.capture.queue import Receipt
from survey.capture.submission import Submission
from survey.sealing.errors import KeyExchanged, KeysMissing

__all__ = ["FormController"]


class FormController(Controller):
    """Read the form, save answers, submit them.

    These requests write no line in the log: the time of an answer would help to find out what
    somebody answered.
    """

    path = "/form"
    tags = ("Form",)
    guards = (require_invitation,)
    opt = {QUIET: True}  # noqa: RUF012 - Litestar reads it so

    @get(
        operation_id="OpenForm",
        summary="Open the form",
        responses=problems(CampaignNotOpen, KeysMissing, KeyExchanged),
    )
    async def open(
        self,
        request: Request[Any, Any, Any],
        now: NamedDependency[datetime],
        locale: Annotated[
            str | None,
            QueryParameter(
                max_length=MAX_LOCALE,
                schema_extra={"max_length": MAX_LOCALE},
                description="Language wanted (BCP 47).",
            ),
        ] = None,
    ) -> FormView:
        """Return what to ask this person, in their language, with what they have saved."""
        return await forms.open_form(
            invitation_token(request),
            locale=locale,
            seals=services_of(request).seals,
            now=now,
        )

    @put(
        operation_id="SaveAnswers",
        summary="Save answers for later",
        status_code=204,
        responses=problems(
            CampaignNotOpen,
            CampaignClosing,
            AlreadySubmitted,
            DraftElsewhere,
            SubmissionRejected,
            KeysMissing,
            KeyExchanged,
        ),
    )
    async def save(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[SavedAnswers],
        now: NamedDependency[datetime],
    ) -> None:
        """Keep what was answered so far, readable with this token alone."""
        await forms.save_answers(
            invitation_token(request), data, seals=services_of(request).seals, now=now
        )

    @post(
        operation_id="SubmitAnswers",
        summary="Submit the answers",
        status_code=200,
        responses=problems(
            CampaignNotOpen,
            CampaignClosing,
            AlreadySubmitted,
            SubmissionRejected,
            KeysMissing,
            KeyExchanged,
            StorageUnavailable,
            CaptureOverloaded,
        ),
    )
    async def submit(
        self, request: Request[Any, Any, Any], data: JSONBody[Submission]
    ) -> Receipt:
        """Store the answers, exactly once; a repeat of the same body gets the same receipt."""
        failure = refused_already(request.scope)
        if failure is not None:
            raise failure
        return await services_of(request).capture.submit(invitation_token(request), data)
