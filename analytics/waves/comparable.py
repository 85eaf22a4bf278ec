"""Which constructs two waves asked in the same way; only those may be compared."""

from analytics.instrument import Construct
from analytics.study.study import Study

__all__ = ["comparable"]


def comparable(current: Study, earlier: Study) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sort the constructs of both waves by whether they were asked in the same way.

    Parameters
    ----------
    current, earlier : Study
        The waves.

    Returns
    -------
    same, other : tuple of str
        Constructs with the same items on the same scale, and those in both waves that differ
        in either. Answers on two scales do not mean the same once they are stretched to one:
        people choose the ends of a longer scale less often.
    """
    before = {construct.key: construct for construct in earlier.constructs}
    in_both = [construct for construct in current.constructs if construct.key in before]
    same = [
        construct.key
        for construct in in_both
        if _asked(construct, current) == _asked(before[construct.key], earlier)
    ]
    return tuple(same), tuple(one.key for one in in_both if one.key not in same)


def _asked(construct: Construct, study: Study) -> tuple[int, int, frozenset[tuple[str, bool]]]:
    scale = study.instrument
    items = frozenset((item.key, item.reversed) for item in construct.items)
    return scale.low, scale.high, items
