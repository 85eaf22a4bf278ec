"""One unit's recommendation in sentences: what, why, how sure, and what would change it."""

from collections.abc import Iterator, Mapping

from analytics.results import Move, Odds, Recommendation, Unnamed
from api.terminal.words import label, percent, short, signed

__all__ = ["recommendation_lines", "unnamed_lines"]

_STATUS = {
    "firm": "Firm: {model}.",
    "lean": "Leaning: {model}. Worth a conversation before anything is built on it.",
    "no_clear_model": "No clear model. The evidence leans to {model} and does not carry a "
    "decision.",
}
_REASONS_SHOWN = 3
_MOVES_SHOWN = 2
_CELLS_SHOWN = 3
_WITHIN_CHANCE = 2.0
_NOTABLE = 0.05
_STEADY = 0.90


def recommendation_lines(found: Recommendation) -> list[str]:
    """Explain a recommendation, most important sentence first."""
    return [
        _STATUS[found.status].format(model=label(found.model)),
        _probability(found),
        *_since_last_wave(found),
        *_caveats(found),
        *_reasons(found),
        *_what_would_change(found),
        *_stability(found),
    ]


def unnamed_lines(found: Unnamed, names: Mapping[str, str]) -> list[str]:
    """Describe the profile that some units share and no model describes."""
    ranked = sorted(found.profile.items(), key=lambda cell: -cell[1])
    listed = ", ".join(names.get(code, code) for code in found.units)
    high = ", ".join(f"{label(key)} {score:.0f}" for key, score in ranked[:_CELLS_SHOWN])
    low = ", ".join(f"{label(key)} {score:.0f}" for key, score in ranked[-_CELLS_SHOWN:])
    return [
        f"{len(found.units)} units resemble each other more than any of the four models "
        f"(log Bayes factor {found.log_bayes_factor:.1f}; 3 is strong): {listed}.",
        f"They score highest on {high}, and lowest on {low}. Ask how they run their AI before "
        "giving them one of the four.",
    ]


def _probability(found: Recommendation) -> str:
    rest = found.probabilities["none"] + found.probabilities["between"]
    text = (
        f"Probability {percent(found.probabilities[found.model])}; next "
        f"{label(found.runner_up)} with {percent(found.probabilities[found.runner_up])}"
    )
    if rest >= _NOTABLE:
        text += f"; that it is none of the four, or half-way between two, {percent(rest)}"
    return text + "."


def _caveats(found: Recommendation) -> Iterator[str]:
    """Say every reason code in a sentence of its own."""
    codes = set(found.reason_codes)
    if "BETWEEN" in codes and found.between:
        one, other = map(label, found.between)
        yield f"It stands between {one} and {other}: decide by conversation, not by score."
    if "CENTRE" in codes:
        yield "No model fits better than the others: its conditions are mixed."
    if "FEW" in codes:
        yield f"About {found.more_answers} more answers would probably settle it."
    if "UNLIKE" in codes:
        yield "It is unlike all four models: treat any of them as a stopgap."
    if "SPLIT" in codes:
        yield "Two camps: its people describe two different places. Ask before you decide."
    if "SECOND" in codes:
        yield (
            f"The second opinion, a plain clustering, names {label(found.second_opinion)}: "
            "one band of confidence less."
        )
    if "MIX" in codes:
        yield "This leans on how common the model is elsewhere in the company."
    if "UNNAMED" in codes:
        yield (
            "It resembles other units here more than any of the four models: one band of "
            "confidence less. See what these units have in common."
        )
    if "FEW_UNITS" in codes:
        yield "Matched to the four profiles; too few units to learn this company's own pattern."


def _reasons(found: Recommendation) -> Iterator[str]:
    speaking = [reason for reason in found.reasons if reason.weight > 0][:_REASONS_SHOWN]
    against = [reason for reason in reversed(found.reasons) if reason.weight < 0]
    if speaking:
        listed = ", ".join(
            f"{label(one.construct)} {signed(one.weight, 1)}" for one in speaking
        )
        yield f"What speaks for {short(found.model)} over {short(found.runner_up)}: {listed}."
    if against and against[0].weight <= -_NOTABLE:
        one = against[0]
        yield f"What speaks most against it: {label(one.construct)} {signed(one.weight, 1)}."
    if found.odds is not None:
        yield _odds(found.odds)


def _odds(odds: Odds) -> str:
    return (
        f"In log-odds: constructs {signed(odds.constructs, 1)}, company pattern "
        f"{signed(odds.company_pattern, 1)}, spread {signed(odds.spread, 1)}, together "
        f"{signed(odds.total, 1)} (with the unit's own say in the company's pattern, which the "
        "probability above leaves out)."
    )


def _what_would_change(found: Recommendation) -> Iterator[str]:
    moves = found.would_change
    if moves is None:
        return
    if not moves:
        yield "No single condition, wherever it moved, would change the model on its own."
        return
    yield f"What would change it: {'; '.join(_move(move) for move in moves[:_MOVES_SHOWN])}."


def _move(move: Move) -> str:
    said = (
        f"{label(move.construct)} from {move.from_:.0f} to {move.to:.0f} gives "
        f"{short(move.model)}"
    )
    if move.standard_errors is None:
        return said
    chance = ", within chance" if move.standard_errors < _WITHIN_CHANCE else ""
    return f"{said} ({move.standard_errors:.1f} standard errors{chance})"


def _stability(found: Recommendation) -> Iterator[str]:
    if found.stability is not None:
        steady = "the same" if found.stability >= _STEADY else "not always the same"
        yield (
            f"If other people of the unit had answered: {steady} model in "
            f"{percent(found.stability)} of resamples. That is steadiness, not probability."
        )
    more = found.with_more_answers
    if more is not None and found.status != "firm":
        yield (
            f"With twice the answers its probability would be {percent(more.twice)}, with four "
            f"times {percent(more.four_times)}, the means unchanged."
        )


def _since_last_wave(found: Recommendation) -> Iterator[str]:
    kept = found.since_last_wave
    if kept is None or kept.outcome == "first":
        return
    if kept.outcome == "confirmed":
        yield "The last wave said the same."
    elif kept.outcome == "changed":
        yield f"Changed since the last wave: now {label(kept.displayed)}."
    elif kept.moved_towards is not None:
        yield (
            f"Recommendation kept from the last wave: {label(kept.displayed)}; evidence moving "
            f"towards {label(kept.moved_towards)}."
        )
