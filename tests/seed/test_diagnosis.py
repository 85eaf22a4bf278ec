"""Ties, conditions and links of the diagnosis fit the instrument and the evidence."""

import numpy as np
import pytest

from analytics.instrument import Instrument
from seed.content import (
    diagnosis,
    evidence,
    maturity_levels,
    operating_models,
    phases,
    standard_instrument,
)
from survey.catalogue.phases import Gate
from survey.catalogue.yardsticks import ModelCondition

LOCALES = {"en", "de"}
GATES = [gate for phase in phases().phases for gate in phase.gates]
INSTRUMENT = standard_instrument().measures()
CONSTRUCTS = {construct.key: construct for construct in INSTRUMENT.constructs}
ITEMS = [item.key for item in INSTRUMENT.items]
SHOWN_LEVELS = [level.below for level in maturity_levels().levels]


def gate_id(gate: Gate) -> str:
    return gate.key


def condition_id(condition: ModelCondition) -> str:
    return f"{condition.model}-{condition.construct}"


@pytest.mark.parametrize("gate", GATES, ids=gate_id)
def test_a_gate_is_tied_to_items_of_the_standard_instrument(gate: Gate) -> None:
    assert {tie.item for tie in gate.ties} <= set(ITEMS)


@pytest.mark.parametrize("gate", GATES, ids=gate_id)
def test_every_tie_has_a_reason_in_every_language(gate: Gate) -> None:
    for tie in gate.ties:
        assert set(tie.reason) == LOCALES
        assert all(len(text.split()) > 5 for text in tie.reason.values())


def test_no_two_ties_share_a_reason() -> None:
    reasons = [text for gate in GATES for tie in gate.ties for text in tie.reason.values()]

    assert len(set(reasons)) == len(reasons) > 40


def test_evidence_to_bring_is_described_in_every_language() -> None:
    assert all(set(gate.bring) == LOCALES for gate in GATES if gate.bring)


def test_gates_without_an_item_are_marked_as_unmeasured() -> None:
    assert {gate.key for gate in GATES if not gate.measured} == {
        "controlled_group",
        "drift_thresholds",
        "degradation_incident",
    }


def test_every_phase_has_a_measured_gate() -> None:
    assert all(any(gate.measured for gate in phase.gates) for phase in phases().phases)


def test_no_gate_measures_realised_value() -> None:
    """Drivers explain value; a gate that measured it would explain value by itself."""
    outcome = {item.key for part in INSTRUMENT.block("outcome") for item in part.items}

    assert not outcome & {tie.item for gate in GATES for tie in gate.ties}


def test_no_gate_follows_from_other_figures() -> None:
    """A sum or difference would reveal the answers of the few people who skipped an item."""
    shown = _published_rows(INSTRUMENT)
    gates = [_row([tie.item for tie in gate.ties]) for gate in GATES if gate.measured]

    together = np.linalg.matrix_rank(np.array([*shown, *gates]))

    assert together == np.linalg.matrix_rank(np.array(shown)) + len(gates)


def _published_rows(instrument: Instrument) -> list[list[float]]:
    """Return a row for the items of every construct and every component."""
    rows = []
    for part in instrument.constructs:
        rows.append(_row([item.key for item in part.items]))
        rows.extend(
            _row([item.key for item in part.items if item.component == name])
            for name in part.components
        )
    return rows


def _row(items: list[str]) -> list[float]:
    return [float(item in items) for item in ITEMS]


def test_the_threshold_of_gates_is_the_start_of_maturity_level_4() -> None:
    assert phases().threshold.points == maturity_levels().levels[2].below
    assert diagnosis().in_place.points == maturity_levels().levels[2].below


def test_every_threshold_has_a_reason_in_every_language() -> None:
    assert set(phases().threshold.reason) == set(diagnosis().in_place.reason) == LOCALES


def test_the_standards_are_those_of_the_four_components_in_every_language() -> None:
    standards = diagnosis().governance

    assert tuple(one.component for one in standards) == CONSTRUCTS["governance"].components
    assert all(set(one.looks_like) == LOCALES for one in standards)


@pytest.mark.parametrize("condition", diagnosis().conditions, ids=condition_id)
def test_a_condition_refers_to_a_maturity_scale(condition: ModelCondition) -> None:
    assert CONSTRUCTS[condition.construct].block in {"root_cause", "practice"}


@pytest.mark.parametrize("condition", diagnosis().conditions, ids=condition_id)
def test_a_condition_requires_the_start_of_a_level(condition: ModelCondition) -> None:
    assert condition.needed in SHOWN_LEVELS
    assert set(condition.reason) == LOCALES


def test_every_model_has_conditions_each_once() -> None:
    conditions = [(one.model, one.construct) for one in diagnosis().conditions]

    assert {model for model, _ in conditions} == set(operating_models().anchors().models)
    assert len(set(conditions)) == len(conditions)


def test_every_finding_rests_on_figures_that_exist() -> None:
    assert set(diagnosis().evidence.figures) <= {figure.key for figure in evidence().figures}


def test_every_root_cause_rests_on_figures_of_its_own_topic() -> None:
    topics = {figure.key: figure.topic for figure in evidence().figures}
    links = diagnosis().evidence.root_causes

    assert set(links) == {part.key for part in INSTRUMENT.block("root_cause")}
    assert all(topics[key] == cause for cause, keys in links.items() for key in keys)


def test_links_name_only_existing_keys() -> None:
    links = diagnosis().evidence

    assert set(links.practices) <= {part.key for part in INSTRUMENT.block("practice")}
    assert set(links.phases) == {phase.key for phase in phases().phases}
    assert set(links.models) <= set(operating_models().anchors().models)


def test_a_plan_quotes_12_to_24_months_and_the_common_failure() -> None:
    plan = diagnosis().evidence.findings["plan"]

    assert {"time_to_scale", "time_to_return", "six_months"} == set(plan)
