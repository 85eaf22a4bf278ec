"""Judges of the product; they read its JSON and the truth, and share no code with it."""

from tests.benchmarks.judges.measures import Judgement, judge
from tests.benchmarks.judges.report import report
from tests.benchmarks.judges.toy import toy_models
from tests.benchmarks.judges.verdicts import verdicts

__all__ = ["Judgement", "judge", "report", "toy_models", "verdicts"]
