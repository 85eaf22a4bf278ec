"""A readable table of judgements, with the goals below it."""

from math import isnan

from tests.benchmarks.judges.measures import Judgement, Share

__all__ = ["report"]

_HEADS = (
    "units",
    "right",
    "(toy)",
    "log-loss",
    "calib.",
    "in set90",
    "firm",
    "firm right",
    "centre firm/any",
    "midway firm/any",
    "constraint right",
    "gap covered",
)
_GOALS = (
    "",
    ">= .92",
    "",
    "<= .22",
    "<= .02",
    ">= .96",
    "",
    ">= .98",
    "<= .05/.15",
    "<= .28/.50",
    ">= .85",
    ".93-.99",
)
_LEGEND = """
Only reported units are judged. right, log-loss, calib. (error in 10 bins) and in set90 concern
the probabilities of the four models, conditional on one of them being true, for units with a
true model; (toy) is plain KMeans(4) with Hungarian matching on the same units. The goals apply
to many companies together: a single company can miss or meet them by chance."""


def _figure(value: float) -> str:
    return "-" if isnan(value) else f"{value:.3f}"


def _of(share: Share) -> str:
    return f"{_figure(share.value)} of {share.whole}" if share.whole else "-"


def _two(first: Share, second: Share) -> str:
    values = f"{_figure(first.value)}/{_figure(second.value)}"
    return f"{values} of {first.whole}" if first.whole else "-"


def _row(found: Judgement) -> tuple[str, ...]:
    return (
        f"{found.reported.part} of {found.reported.whole}",
        _figure(found.right.value),
        _figure(found.toy_right.value),
        _figure(found.log_loss),
        _figure(found.calibration_error),
        _figure(found.covered.value),
        _figure(found.firm.value),
        _of(found.firm_right),
        _two(found.centre_firm, found.centre_any),
        _two(found.midway_firm, found.midway_any),
        _of(found.constraint_right),
        _of(found.gap_covered),
    )


def report(judgements: dict[str, Judgement]) -> str:
    """Return the table: one line per company or scenario, then the goals."""
    lines: list[tuple[str, ...]] = [("", *_HEADS)]
    lines += [(name, *_row(found)) for name, found in judgements.items()]
    lines.append(("goal", *_GOALS))
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    text = [
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip()
        for line in lines
    ]
    return "\n".join([*text, _LEGEND])
