"""The answer sheet of a simulated person: scales, items and reversed items."""

from dataclasses import dataclass

__all__ = [
    "BEHAVIOURS",
    "CONTEXT",
    "MATURITY",
    "REVERSED_LAST",
    "SPONSORSHIP",
    "Item",
    "items_of",
]

CONTEXT = (
    "cross_function_breadth",
    "shared_standards_need",
    "domain_specificity",
    "data_literacy",
    "product_ownership",
    "production_stage",
    "live_service_need",
    "business_case",
    "mlops_capability",
)
"""The constructs that distinguish the operating models, in the order of the sheet."""

MATURITY = {
    "problem_definition": 4,
    "data_readiness": 4,
    "governance": 8,
    "workflow_redesign": 4,
    "business_pain": 1,
    "data_first": 1,
    "live_product": 1,
    "joint_ownership": 2,
}
"""Root causes and practices, with their number of items."""

REVERSED_LAST = {"problem_definition", "data_readiness", "workflow_redesign"}
"""Maturity constructs whose last item is reversed."""

BEHAVIOURS = ("speaks", "uses", "protects", "removes")
"""Behaviours of a sponsor; two items each, in this order."""

SPONSORSHIP = "executive_sponsorship"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One column of the sheet."""

    key: str
    scale: int
    """Position of its scale among contexts, maturity constructs and behaviours."""
    construct: str
    reversed: bool = False


def items_of(*, per_context: int, reversed_per_context: int) -> tuple[Item, ...]:
    """Return the sheet in the order shown: context, maturity, sponsorship."""
    context = [
        Item(
            key=f"{construct}_{number}",
            scale=scale,
            construct=construct,
            reversed=number > per_context - reversed_per_context,
        )
        for scale, construct in enumerate(CONTEXT)
        for number in range(1, per_context + 1)
    ]
    maturity = [
        Item(
            key=f"{construct}_{number}",
            scale=scale,
            construct=construct,
            reversed=construct in REVERSED_LAST and number == count,
        )
        for scale, (construct, count) in enumerate(MATURITY.items(), start=len(CONTEXT))
        for number in range(1, count + 1)
    ]
    first = len(CONTEXT) + len(MATURITY)
    sponsorship = [
        Item(
            key=f"{SPONSORSHIP}_{number + 1}",
            scale=first + number // 2,
            construct=SPONSORSHIP,
        )
        for number in range(2 * len(BEHAVIOURS))
    ]
    return (*context, *maturity, *sponsorship)
