"""The standard instrument agrees with the page that specifies it."""

import re
from collections import Counter

import pytest

from seed.content import standard_instrument
from survey.instruments.checks import definition_problems
from survey.instruments.parts import Role
from tests.factories.instrument import standard_instrument as specified

ITEMS = {
    "problem_definition": 4,
    "data_readiness": 4,
    "governance": 8,
    "executive_sponsorship": 8,
    "workflow_redesign": 4,
    "business_pain": 1,
    "data_first": 1,
    "live_product": 1,
    "joint_ownership": 2,
    "cross_function_breadth": 3,
    "shared_standards_need": 3,
    "domain_specificity": 3,
    "data_literacy": 3,
    "product_ownership": 3,
    "production_stage": 3,
    "live_service_need": 3,
    "business_case": 3,
    "mlops_capability": 3,
    "value_realised": 2,
}
REVERSED = {
    "problem_definition_4",
    "data_readiness_4",
    "workflow_redesign_4",
    "cross_function_breadth_3",
    "shared_standards_need_3",
    "domain_specificity_3",
    "data_literacy_3",
    "product_ownership_3",
    "production_stage_3",
    "live_service_need_3",
    "business_case_3",
    "mlops_capability_3",
}
COMPONENTS = {
    "governance": ["validation", "audit", "lineage", "override"],
    "executive_sponsorship": ["speaks", "uses", "protects", "removes"],
}
JARGON = re.compile(
    r"use case|stakeholder|KPI|MLOps|pipeline|deploy|drift|governance|lineage|workflow"
    r"|Use Case|Roadmap|Stakeholder|Datenpipeline|Anwendungsfall"
    r"|cas d’usage|parties prenantes|déploiement|feuille de route|gouvernance"
    r"|casos? de uso|partes interesadas|despliegue|hoja de ruta|gobernanza",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(not|no|never|nobody|nothing|without|n't|nicht|kein\w*|nie|niemand|nichts|ohne"
    r"|pas|jamais|rien|aucun\w*|sans|nunca|nada|nadie|ning[uú]n\w*|sin)\b",
    re.IGNORECASE,
)

INSTRUMENT = standard_instrument()


def test_the_standard_instrument_can_be_published() -> None:
    assert definition_problems(INSTRUMENT) == []


def test_the_analysis_gets_the_specified_instrument() -> None:
    assert INSTRUMENT.measures() == specified()


def test_it_is_the_first_version_in_four_languages() -> None:
    identity = (INSTRUMENT.key, INSTRUMENT.version, INSTRUMENT.locales)

    assert identity == ("ai-scaling-conditions", 1, ("en", "de", "fr", "es"))


def test_the_introduction_leaves_it_to_the_form_to_say_how_long_it_takes() -> None:
    texts = [
        INSTRUMENT.introduction.text(role=role, locale=locale)
        for role in ("contributor", "sponsor")
        for locale in INSTRUMENT.locales
    ]

    assert [text for text in texts if "minut" in text.lower()] == []


def test_it_has_the_items_of_the_specification_in_its_order() -> None:
    expected = [f"{key}_{n}" for key, count in ITEMS.items() for n in range(1, count + 1)]

    assert list(INSTRUMENT.item_keys) == expected


def test_its_blocks_hold_28_and_5_and_27_and_2_items() -> None:
    measured = INSTRUMENT.measures()

    sizes = {
        block: sum(len(construct.items) for construct in measured.block(block))
        for block in ("root_cause", "practice", "context", "outcome")
    }

    assert sizes == {"root_cause": 28, "practice": 5, "context": 27, "outcome": 2}


def test_exactly_the_specified_items_are_reversed() -> None:
    assert {item.key for item in INSTRUMENT.items if item.reversed} == REVERSED


@pytest.mark.parametrize(("construct", "components"), COMPONENTS.items())
def test_a_component_has_two_neighbouring_items(construct: str, components: list[str]) -> None:
    found = [item.component for item in INSTRUMENT.items if item.construct == construct]

    assert found == [name for name in components for _ in range(2)]


def test_no_other_item_has_a_component() -> None:
    others = [item for item in INSTRUMENT.items if item.construct not in COMPONENTS]

    assert {item.component for item in others} == {None}


def test_answers_run_from_one_to_five_and_none_is_required() -> None:
    scale = INSTRUMENT.scale

    assert (scale.low, scale.high) == (1, 5)
    assert not any(item.required for item in INSTRUMENT.items)


def test_sponsors_are_asked_only_about_sponsorship() -> None:
    asked = [item.key for item in INSTRUMENT.items_for("sponsor")]

    assert asked == [f"executive_sponsorship_{n}" for n in range(1, 9)]
    assert INSTRUMENT.comments_for("sponsor") == ()


@pytest.mark.parametrize("role", ["manager", "contributor"])
def test_managers_and_contributors_are_asked_everything(role: Role) -> None:
    assert INSTRUMENT.items_for(role) == INSTRUMENT.items
    assert [comment.key for comment in INSTRUMENT.comments_for(role)] == [
        "comment_hindrance",
        "comment_help",
    ]


@pytest.mark.parametrize(
    ("locale", "own", "others"),
    [
        ("en", r"\bI\b", r"\b(our sponsor)\b"),
        ("de", r"\bich\b", r"\bunser Sponsor\b"),
        ("fr", r"\b(je|j)\b", r"\bnotre sponsor\b"),
        (
            "es",
            r"\b(explico|defiendo|uso|cuento|protejo|me aseguro|hago|me ocupo)\b",
            r"\bnuestro patrocinador\b",
        ),
    ],
)
def test_sponsors_read_about_themselves_and_others_about_their_sponsor(
    locale: str, own: str, others: str
) -> None:
    for item in INSTRUMENT.items_for("sponsor"):
        mine = item.wording.text(role="sponsor", locale=locale)
        theirs = item.wording.text(role="contributor", locale=locale)

        assert re.search(own, mine, re.IGNORECASE)
        assert re.search(others, theirs, re.IGNORECASE)
        assert not re.search(others, mine, re.IGNORECASE)


@pytest.mark.parametrize("locale", INSTRUMENT.locales)
def test_no_text_of_an_item_appears_twice(locale: str) -> None:
    texts = Counter(
        text[locale]
        for item in INSTRUMENT.items
        for text in (item.wording.texts, *item.wording.overrides.values())
    )

    assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("locale", INSTRUMENT.locales)
def test_an_item_is_one_short_statement(locale: str) -> None:
    texts = {item.key: item.wording.texts[locale] for item in INSTRUMENT.items}

    assert [key for key, text in texts.items() if not re.fullmatch(r"[^.?!]+\.", text)] == []
    assert [key for key, text in texts.items() if len(text.split()) > 22] == []


@pytest.mark.parametrize("locale", INSTRUMENT.locales)
def test_an_item_uses_neither_jargon_nor_a_double_negative(locale: str) -> None:
    texts = {item.key: item.wording.texts[locale] for item in INSTRUMENT.items}

    assert [key for key, text in texts.items() if JARGON.search(text)] == []
    assert [key for key, text in texts.items() if len(NEGATION.findall(text)) > 1] == []


@pytest.mark.parametrize("key", sorted(REVERSED))
def test_a_reversed_item_is_worded_without_a_negation(key: str) -> None:
    item = INSTRUMENT.items[INSTRUMENT.item_keys.index(key)]

    assert [text for text in item.wording.texts.values() if NEGATION.search(text)] == []


@pytest.mark.parametrize(
    ("locale", "address"),
    [
        ("de", r"\b(Sie|Ihr\w*|Ihnen|du|dein\w*)\b"),
        ("fr", r"\b(vous|vos|votre|tu|ton|tes)\b"),
        ("es", r"\b(ustedes|usted|vosotros|vuestr\w*|tú|vos)\b"),
    ],
)
def test_no_statement_addresses_the_reader(locale: str, address: str) -> None:
    texts = [
        wording[locale]
        for item in INSTRUMENT.items
        for wording in (item.wording.texts, *item.wording.overrides.values())
    ]

    assert [text for text in texts if re.search(address, text)] == []
