"""The standard instrument as the statistics see it: constructs, items, direction."""

from analytics.instrument import Block, Construct, Instrument, Item

__all__ = ["COMMENTS", "standard_instrument"]

COMMENTS = ("comment_hindrance", "comment_help")

# key, number of items, whether the last one is reversed
_CONSTRUCTS: dict[Block, tuple[tuple[str, int, bool], ...]] = {
    "root_cause": (
        ("problem_definition", 4, True),
        ("data_readiness", 4, True),
        ("governance", 8, False),
        ("executive_sponsorship", 8, False),
        ("workflow_redesign", 4, True),
    ),
    "practice": (
        ("business_pain", 1, False),
        ("data_first", 1, False),
        ("live_product", 1, False),
        ("joint_ownership", 2, False),
    ),
    "context": (
        ("cross_function_breadth", 3, True),
        ("shared_standards_need", 3, True),
        ("domain_specificity", 3, True),
        ("data_literacy", 3, True),
        ("product_ownership", 3, True),
        ("production_stage", 3, True),
        ("live_service_need", 3, True),
        ("business_case", 3, True),
        ("mlops_capability", 3, True),
    ),
    "outcome": (("value_realised", 2, False),),
}

# two items each, in order
_COMPONENTS = {
    "governance": ("validation", "audit", "lineage", "override"),
    "executive_sponsorship": ("speaks", "uses", "protects", "removes"),
}


def standard_instrument() -> Instrument:
    """Return ``ai-scaling-conditions`` version 1: 62 items."""
    return Instrument(
        key="ai-scaling-conditions",
        version=1,
        constructs=tuple(
            Construct(key=key, block=block, items=_items(key, count, last_reversed=reverse))
            for block, constructs in _CONSTRUCTS.items()
            for key, count, reverse in constructs
        ),
    )


def _items(construct: str, count: int, *, last_reversed: bool) -> tuple[Item, ...]:
    components = _COMPONENTS.get(construct)
    return tuple(
        Item(
            key=f"{construct}_{number}",
            reversed=last_reversed and number == count,
            component=components[(number - 1) // 2] if components else None,
        )
        for number in range(1, count + 1)
    )
