"""Privacy notices shown before the first item agree with what the platform stores."""

from typing import Literal

import pytest

from seed.content import standard_instrument
from survey.instruments.parts import Role

INSTRUMENT = standard_instrument()
Mode = Literal["anonymous", "confidential"]


def told(mode: Mode, role: Role, locale: str) -> str:
    return INSTRUMENT.privacy_text(
        mode=mode, role=role, locale=locale, min_group=7, min_comments=12
    )


@pytest.mark.parametrize("locale", INSTRUMENT.locales)
@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
def test_respondents_are_told_the_thresholds_of_their_campaign(mode: Mode, locale: str) -> None:
    text = told(mode, "contributor", locale)

    assert " 7 " in text
    assert " 12 " in text
    assert "{" not in text


@pytest.mark.parametrize("locale", INSTRUMENT.locales)
def test_each_mode_has_its_own_promise(locale: str) -> None:
    promises = {told("anonymous", "manager", locale), told("confidential", "manager", locale)}

    assert len(promises | {told("anonymous", "sponsor", locale)}) == 3


def test_sponsors_are_told_the_same_in_either_mode() -> None:
    assert told("anonymous", "sponsor", "en") == told("confidential", "sponsor", "en")


@pytest.mark.parametrize(
    ("locale", "trusted", "unfindable"),
    [
        (
            "en",
            "these people you have to trust",
            "nobody can find your answers",
        ),
        ("de", "diesen Menschen müssen Sie vertrauen", "niemand Ihre Antworten"),
        ("fr", "vous devez faire confiance à ces personnes", "personne ne peut retrouver"),
        ("es", "en estas personas hay que confiar", "nadie puede encontrar sus respuestas"),
    ],
)
def test_anonymous_campaigns_admit_their_limits(
    locale: str, trusted: str, unfindable: str
) -> None:
    text = told("anonymous", "contributor", locale)

    assert trusted in text
    assert unfindable in text


@pytest.mark.parametrize(
    ("locale", "rated", "perceived", "gap"),
    [
        ("en", "rate yourself", "managers and employees perceive", "the gap"),
        ("de", "sich selbst einschätzen", "Führungskräfte und Beschäftigte", "den Abstand"),
        ("fr", "vos propres actions", "les responsables et les salariés", "l’écart"),
        ("es", "lo que hace", "los responsables y los empleados", "la diferencia"),
    ],
)
def test_consent_covers_claim_perception_and_gap(
    locale: str, rated: str, perceived: str, gap: str
) -> None:
    text = INSTRUMENT.consent.text[locale]

    assert all(part in text for part in (rated, perceived, gap))
