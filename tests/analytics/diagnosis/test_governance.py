import numpy as np
import pytest
from scipy.stats import norm

from analytics.diagnosis.governance import governance_audit
from analytics.instrument import Construct
from analytics.results.diagnosis import GovernanceAudit
from analytics.yardsticks import EvidenceLinks
from tests.analytics.diagnosis.company import construct, study_of
from tests.analytics.studies import planned

TWO = construct("governance", 4, components={"validation": (1, 2), "override": (3, 4)})
THREE = construct(
    "governance", 6, components={"validation": (1, 2), "audit": (3, 4), "override": (5, 6)}
)
MIDDLE = [3, 4, 3, 2, 3, 4, 3, 2, 3, 3]
LOW = [1, 2, 1, 2, 2, 1, 2, 1, 2, 1]


def audit(
    answers: dict[str, list[int | None]], part: Construct = TWO, **options: object
) -> GovernanceAudit:
    study = study_of({"U": answers}, part)
    return governance_audit(study, planned(study), **options)["U"]


def answers(*items: list[int]) -> dict[str, list[int | None]]:
    return {f"governance_{n}": list(item) for n, item in enumerate(items, 1)}


def test_a_component_is_scored_on_its_own_items() -> None:
    found = audit(answers(LOW, LOW, MIDDLE, MIDDLE))

    assert found.components is not None
    assert found.components["validation"].mean == pytest.approx(25 * (np.mean(LOW) - 1))


def test_a_component_far_below_the_others_is_named() -> None:
    found = audit(answers(MIDDLE, MIDDLE, MIDDLE, MIDDLE, LOW, LOW), THREE)

    assert (found.status, found.weakest) == ("identified", ("override",))


def test_components_that_lie_alike_name_none() -> None:
    found = audit(answers(*[np.roll(MIDDLE, n).tolist() for n in range(6)]), THREE)

    assert (found.status, found.weakest) == ("insufficient_evidence", ())


def test_the_probability_of_two_is_that_of_their_normal_difference() -> None:
    # One unit pools with itself: people add S / n. The items' means differ by v within the
    # construct, and an average of two of them by v / 2.
    items = np.array([MIDDLE, LOW[::-1], MIDDLE[::-1], [4, 3, 2, 3, 2, 1, 3, 2, 4, 2]])
    parts = np.array([items[:2].mean(axis=0), items[2:].mean(axis=0)])
    gap = parts[0] - parts[1]
    variance = np.var(gap, ddof=1) / 10 + np.var(items.mean(axis=1), ddof=1)

    found = audit(answers(*items.tolist()))

    assert found.components is not None
    assert found.components["validation"].probability_weakest == pytest.approx(
        norm.cdf(0.0, gap.mean(), np.sqrt(variance)), abs=5e-3
    )


def test_the_probabilities_of_being_the_weakest_sum_to_one() -> None:
    found = audit(answers(MIDDLE, LOW, MIDDLE, LOW, LOW, MIDDLE), THREE)

    assert found.components is not None
    shares = [one.probability_weakest for one in found.components.values()]
    assert sum(shares) == pytest.approx(1.0)


def test_a_unit_that_may_not_show_governance_shows_no_component() -> None:
    # Four people answered the items of one component: both it and the total stay hidden.
    few = answers(MIDDLE, MIDDLE, MIDDLE, MIDDLE) | {
        "governance_3": [*MIDDLE[:4], *[None] * 6],
        "governance_4": [None] * 10,
    }
    study = study_of({"U": few | {"a_1": MIDDLE}}, TWO, construct("a", 1))

    found = governance_audit(study, planned(study))

    assert found == {"U": GovernanceAudit(status="suppressed")}


def test_a_file_that_asks_nothing_about_governance_has_no_audit() -> None:
    study = study_of({"U": {"a_1": MIDDLE}}, construct("a", 1))

    assert governance_audit(study, planned(study)) == {}


def test_the_audit_carries_its_evidence() -> None:
    links = EvidenceLinks(findings={"governance_audit": ("trust",)})

    assert audit(answers(LOW, LOW, MIDDLE, MIDDLE), evidence=links).evidence == ("trust",)
