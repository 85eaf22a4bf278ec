"""An instrument as one role reads it in one language: what a form shows, and nothing more."""

import msgspec

from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import Mode, Role

__all__ = ["FormText", "form_text"]


class _Text(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A part of the form on the wire."""


class FormItem(_Text, frozen=True, kw_only=True):
    """One statement to agree or disagree with."""

    key: str
    text: str
    required: bool = False


class FormSection(_Text, frozen=True, kw_only=True):
    """Items that are shown together, with what is said before the first."""

    title: str
    introduction: str | None = None
    items: tuple[FormItem, ...]


class FormComment(_Text, frozen=True, kw_only=True):
    """One open question, always optional."""

    key: str
    text: str


class FormScale(_Text, frozen=True, kw_only=True):
    """The answers to choose from; ``cant_say`` is sent as null."""

    low: int
    high: int
    labels: tuple[str, ...]
    cant_say: str


class FormConsent(_Text, frozen=True, kw_only=True):
    """What a sponsor decides before the first answer."""

    text: str
    agree: str
    decline: str


class FormText(_Text, frozen=True, kw_only=True):
    """Everything that the form says to one respondent."""

    instrument: str
    locale: str
    locales: tuple[str, ...]
    title: str
    introduction: str
    privacy: str
    consent: FormConsent | None = None
    scale: FormScale
    sections: tuple[FormSection, ...]
    comments: tuple[FormComment, ...]


def form_text(
    definition: InstrumentDefinition,
    *,
    role: Role,
    locale: str,
    mode: Mode,
    min_group: int,
    min_comments: int,
) -> FormText:
    """Return the form of a role in one of the instrument's languages.

    Parameters
    ----------
    locale : str
        One of ``definition.locales``.
    mode
        Mode of the campaign; decides, with the role, what the privacy text promises.
    min_group, min_comments : int
        The campaign's thresholds, which the privacy text names.
    """
    consent, scale = definition.consent, definition.scale
    return FormText(
        instrument=f"{definition.key}@{definition.version}",
        locale=locale,
        locales=definition.locales,
        title=definition.title[locale],
        introduction=definition.introduction.text(role=role, locale=locale),
        privacy=definition.privacy_text(
            mode=mode,
            role=role,
            locale=locale,
            min_group=min_group,
            min_comments=min_comments,
        ),
        consent=FormConsent(
            text=consent.text[locale],
            agree=consent.agree[locale],
            decline=consent.decline[locale],
        )
        if role == "sponsor"
        else None,
        scale=FormScale(
            low=scale.low,
            high=scale.high,
            labels=scale.labels[locale],
            cant_say=scale.cant_say[locale],
        ),
        sections=_sections(definition, role, locale),
        comments=tuple(
            FormComment(key=comment.key, text=comment.wording.text(role=role, locale=locale))
            for comment in definition.comments_for(role)
        ),
    )


def _sections(
    definition: InstrumentDefinition, role: Role, locale: str
) -> tuple[FormSection, ...]:
    """Return one section per construct that asks this role something, in the order shown."""
    titles = {block.key: block.title[locale] for block in definition.blocks}
    items = definition.items_for(role)
    return tuple(
        FormSection(
            title=titles[construct.block],
            introduction=construct.introduction.text(role=role, locale=locale)
            if construct.introduction
            else None,
            items=tuple(
                FormItem(
                    key=item.key,
                    text=item.wording.text(role=role, locale=locale),
                    required=item.required,
                )
                for item in items
                if item.construct == construct.key
            ),
        )
        for construct in definition.constructs
        if any(item.construct == construct.key for item in items)
    )
