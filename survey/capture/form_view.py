"""An instrument as one role reads it in one language: what a form shows, and nothing more."""

import msgspec

from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import Mode, Role
from survey.report.privacy import office_has_link

__all__ = ["FormText", "form_text"]


class _Text(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A part of the form on the wire."""


class FormItem(_Text, frozen=True, kw_only=True):
    """One statement to agree or disagree with."""

    key: str
    """Key under which the answer is sent."""
    text: str
    """The statement."""
    required: bool = False
    """Whether it must be answered, "can't say" not included."""


class FormSection(_Text, frozen=True, kw_only=True):
    """Items that are shown together, with what is said before the first."""

    title: str
    """Title of the section."""
    introduction: str | None = None
    """What is said before its first item; None if nothing is."""
    items: tuple[FormItem, ...]
    """Its items, in the order shown."""


class FormComment(_Text, frozen=True, kw_only=True):
    """One open question, always optional."""

    key: str
    """Key under which the comment is sent."""
    text: str
    """The question."""


class FormScale(_Text, frozen=True, kw_only=True):
    """The answers to choose from; ``cant_say`` is sent as null."""

    low: int
    """The least answer."""
    high: int
    """The greatest answer."""
    labels: tuple[str, ...]
    """One label per whole number from ``low`` to ``high``."""
    cant_say: str
    """Label of the answer that is sent as null."""


class FormConsent(_Text, frozen=True, kw_only=True):
    """What a sponsor decides before the first answer."""

    text: str
    """The question."""
    agree: str
    """Label of the answer that is sent as true."""
    decline: str
    """Label of the answer that is sent as false."""


class FormText(_Text, frozen=True, kw_only=True):
    """Everything that the form says to one respondent."""

    instrument: str
    """Key and version of the instrument: ``key@version``."""
    locale: str
    """Language of all texts here (BCP 47)."""
    locales: tuple[str, ...]
    """Languages in which the form exists (BCP 47)."""
    title: str
    """Title of the form."""
    introduction: str
    """What is said before the first item."""
    privacy: str
    """What happens to the answers."""
    consent: FormConsent | None = None
    """What sponsors are asked first; None for everybody else."""
    scale: FormScale
    """The answers to choose from."""
    sections: tuple[FormSection, ...]
    """The items, in the order shown."""
    comments: tuple[FormComment, ...]
    """Open questions, after the items."""


def form_text(
    definition: InstrumentDefinition,
    *,
    role: Role,
    locale: str,
    mode: Mode,
    min_group: int,
    min_comments: int,
    link_handed_out: bool = False,
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
    link_handed_out
        Whether the office has the respondent's link, which the privacy text then says.
    """
    consent, scale = definition.consent, definition.scale
    privacy = definition.privacy_text(
        mode=mode, role=role, locale=locale, min_group=min_group, min_comments=min_comments
    )
    return FormText(
        instrument=f"{definition.key}@{definition.version}",
        locale=locale,
        locales=definition.locales,
        title=definition.title[locale],
        introduction=definition.introduction.text(role=role, locale=locale),
        privacy="\n\n".join([privacy, *([office_has_link(locale)] if link_handed_out else [])]),
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
