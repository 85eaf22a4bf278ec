"""The Piccolo app: lists every table of this package for the migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from models.access import ApiKey, ApiKeyIndex, Idempotency, TokenIndex
from models.audit import AuditEvent
from models.campaign import Campaign, CampaignUnit, CampaignWording, ParticipationSteps
from models.catalogue import Catalogue
from models.channel import Channel
from models.decision import Decision
from models.instrument import Instrument
from models.invitation import Delivery, DeliveryCount, Invitation
from models.job import Job
from models.organisation import BusinessUnit, Organisation, Person
from models.release import (
    Finding,
    Release,
    ReleaseUnit,
    Score,
)
from models.response import Comment, Envelope, ImportedFile, ImportedRows, Response
from models.use_case import UseCase

__all__ = ["APP_CONFIG"]

APP_CONFIG = AppConfig(
    app_name="models",
    migrations_folder_path=Path(__file__).parent / "migrations",
    table_classes=[
        Organisation,
        BusinessUnit,
        Person,
        Instrument,
        Catalogue,
        Campaign,
        CampaignUnit,
        ParticipationSteps,
        CampaignWording,
        Channel,
        Invitation,
        Delivery,
        DeliveryCount,
        Envelope,
        Response,
        Comment,
        ImportedFile,
        ImportedRows,
        ApiKey,
        ApiKeyIndex,
        Idempotency,
        TokenIndex,
        Release,
        Score,
        ReleaseUnit,
        Finding,
        Decision,
        UseCase,
        AuditEvent,
        Job,
    ],
)
