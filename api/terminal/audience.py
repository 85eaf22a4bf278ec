"""Who is invited to a campaign, in lines: how many, whom they stand for, who is missed."""

from collections.abc import Iterable, Iterator

from api.terminal.words import printable
from survey.campaigns.audience import AudienceView
from survey.campaigns.invitees import AudienceCount, AudiencePlan, Invitee
from survey.campaigns.read import CampaignView
from survey.messages.message import OutOfReach

__all__ = ["audience_lines", "invitee_lines"]

_HEADER = ("Unit", "Role", "About", "Invited", "Out of reach")
_UNKNOWN = "-"
_REASONS: dict[OutOfReach, str] = {"no_address": "no address", "refused": "refused"}


def audience_lines(campaign: CampaignView, plan: AudiencePlan) -> Iterator[str]:
    """Yield who is invited, in numbers."""
    yield f"{printable(campaign.name)}, wave {campaign.wave} ({plan.state})"
    yield _invited(plan)
    if plan.audience is not None:
        yield from _conditions(plan.audience)
    if plan.out_of_reach is not None:
        yield f"Out of reach: {plan.out_of_reach}."
    yield ""
    yield from _table(plan.counts)
    if plan.too_small:
        yield ""
        units = ", ".join(map(printable, plan.too_small))
        yield (
            f"Fewer than {campaign.min_group} people are invited, so they get no figures of "
            f"their own: {units}."
        )


def invitee_lines(people: Iterable[Invitee]) -> Iterator[str]:
    """Yield a line per person, with the reason if the channel does not reach them."""
    for one in people:
        reason = f": {_REASONS[one.out_of_reach]}" if one.out_of_reach else ""
        by = one.channel or _UNKNOWN
        yield f"{printable(one.external_id)}  {printable(one.unit)}  {one.role}  {by}{reason}"


def _invited(plan: AudiencePlan) -> str:
    verb = "would be" if plan.state == "draft" else "are"
    by = f" by {printable(plan.channel)}" if plan.channel else ""
    of = "" if plan.population == plan.invited else f" of {plan.population}"
    return f"{plan.invited}{of} people {verb} invited{by}."


def _conditions(audience: AudienceView) -> Iterator[str]:
    if audience.people is not None:
        yield f"A list of {audience.people} people."
    if audience.units is not None:
        named = (
            f"{printable(one.unit)}{' and below' if one.below else ''}"
            for one in audience.units
        )
        yield f"Units: {', '.join(named)}."
    if audience.roles is not None:
        yield f"Roles: {', '.join(audience.roles)}."
    if audience.functions is not None:
        yield f"Functions: {', '.join(audience.functions)}."
    if (sample := audience.sample) is not None:
        yield (
            f"A sample of each unit, to within {100 * sample.margin:g} points of 100 if "
            f"{100 * sample.expected_rate:g}% answer (seed {audience.seed})."
        )


def _table(counts: Iterable[AudienceCount]) -> Iterator[str]:
    rows = [_HEADER, *map(_row, counts)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for unit, role, *numbers in rows:
        aligned = (
            number.rjust(width) for number, width in zip(numbers, widths[2:], strict=True)
        )
        yield "  ".join([unit.ljust(widths[0]), role.ljust(widths[1]), *aligned])


def _row(count: AudienceCount) -> tuple[str, ...]:
    lost = _UNKNOWN if count.out_of_reach is None else str(count.out_of_reach)
    return printable(count.unit), count.role, str(count.population), str(count.invited), lost
