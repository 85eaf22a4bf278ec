"""Frames and instruments for tests: valid by default, nothing random."""

from collections.abc import Mapping

import polars as pl

from analytics.instrument import Block, Construct, Instrument, Item

__all__ = ["construct", "instrument", "responses", "unit_file"]


def construct(
    key: str, items: int = 3, *, block: Block = "context", reversed_items: int = 0
) -> Construct:
    return Construct(
        key=key,
        block=block,
        items=tuple(
            Item(key=f"{key}_{number}", reversed=number > items - reversed_items)
            for number in range(1, items + 1)
        ),
    )


def instrument(*constructs: Construct, low: int = 1, high: int = 5) -> Instrument:
    return Instrument(key="test", version=1, constructs=constructs, low=low, high=high)


def responses(*rows: tuple[str, str, list[int | None]], items: list[str]) -> pl.DataFrame:
    schema = {"unit": pl.String, "role": pl.String} | dict.fromkeys(items, pl.Int8)
    return pl.DataFrame(
        [(unit, role, *answers) for unit, role, answers in rows], schema=schema, orient="row"
    )


def unit_file(tree: Mapping[str, tuple[str | None, int | None]]) -> pl.DataFrame:
    """Lay out units with their parent and head-count, as the file of units has them."""
    return pl.DataFrame(
        [(code, parent, heads) for code, (parent, heads) in tree.items()],
        schema={"code": pl.String, "parent_code": pl.String, "headcount": pl.Int64},
        orient="row",
    )
