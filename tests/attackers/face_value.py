"""Violations of the rules that are visible in the JSON without any computation."""

from typing import Any

import polars as pl

from tests.attackers.cells import RESPONDENTS
from tests.attackers.figures import descendants

__all__ = ["disagreements", "slips"]


def disagreements(result: dict[str, Any], cells: pl.DataFrame) -> list[str]:
    """Return the published counts that differ from the people in the cells.

    Check this first: an attack that uses wrong cells proves nothing.
    """
    below = descendants(result)
    found = []
    for row in result["units"]:
        own = cells.filter(pl.col("unit").is_in(below[row["unit"]]))
        true = dict(own.group_by("construct").agg(pl.col("n").sum()).iter_rows())
        shown = {key: score["n"] for key, score in row.get("scores", {}).items()}
        if "respondents" in row:
            shown[RESPONDENTS] = row["respondents"]
        found += [
            f"{row['unit']} {key}: {n} published, {true.get(key, 0)} people"
            for key, n in shown.items()
            if n != true.get(key, 0)
        ]
    return found


def _sponsorship_slips(unit: str, block: dict[str, Any]) -> list[str]:
    found = []
    if block["status"] != "reported" and (extra := block.keys() - {"status", "sponsorOf"}):
        found.append(f"{unit}: sponsorship is {block['status']} and shows {sorted(extra)}")
    merged = block.get("perceivedBy") == "all"
    forbidden = {"managers", "contributors"} if merged else {"perceived"}
    for behaviour, shown in block.get("behaviours", {}).items():
        if extra := forbidden & shown.keys():
            found.append(f"{unit} {behaviour}: {sorted(extra)} beside {block['perceivedBy']}")
    return found


def slips(result: dict[str, Any], *, k: int) -> list[str]:
    """Return the rows that visibly break a rule.

    A suppressed unit shows only unit, parent and status; every published n is at least k; a
    sponsorship block that is not reported shows no figure; merged roles are shown merged.
    """
    found = []
    for row in result["units"]:
        unit = row["unit"]
        if row["status"] == "suppressed":
            if extra := row.keys() - {"unit", "parent", "status"}:
                found.append(f"{unit}: suppressed and shows {sorted(extra)}")
            continue
        if row.get("respondents", 0) < k:
            found.append(f"{unit}: {row.get('respondents')} respondents")
        found += [
            f"{unit} {construct}: n = {score['n']}"
            for construct, score in row.get("scores", {}).items()
            if score["n"] < k
        ]
        if "sponsorship" in row:
            found += _sponsorship_slips(unit, row["sponsorship"])
    return found
