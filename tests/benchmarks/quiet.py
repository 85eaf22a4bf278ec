"""Use of the machine during a round: by others, which may disturb it, and by ourselves."""

import os
import time
from pathlib import Path

__all__ = ["Watch", "seconds_of"]

_TICKS = os.sysconf("SC_CLK_TCK")


class Watch:
    """Measures, from its creation, the cores used by processes outside our process tree."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._all, self._ours = _all_seconds(), seconds_of(os.getpid())

    def others(self) -> float:
        """Return the average number of cores used by other processes since the start."""
        elapsed = time.perf_counter() - self._started
        busy, ours = _all_seconds() - self._all, seconds_of(os.getpid()) - self._ours
        return max(0.0, (busy - ours) / elapsed)


def _all_seconds() -> float:
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _wait, irq, soft = map(int, fields[:7])
    return (user + nice + system + irq + soft) / _TICKS


def seconds_of(process: int) -> float:
    """Return the CPU time of a process and all its descendants, in seconds."""
    parents, seconds = {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(entry.name)
        parents[pid] = int(fields[1])
        seconds[pid] = sum(map(int, fields[11:15])) / _TICKS
    ours = {process}
    while found := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= found
    return sum(seconds.get(pid, 0.0) for pid in ours)
