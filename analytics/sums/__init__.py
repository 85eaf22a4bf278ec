"""What the statistics of groups need of the answers, counted in one pass and added up freely.

Everything in here is a whole number per unit and role: sums of two parts of the people are the
sums of all of them, in any order, on any number of threads or machines, to the last digit.
"""

from analytics.sums.answers import AnswerSums, sum_answers
from analytics.sums.cells import Cells
from analytics.sums.moments import Moments, item_covariance, score_moments
from analytics.sums.scale import ScaleSums, sum_scale

__all__ = [
    "AnswerSums",
    "Cells",
    "Moments",
    "ScaleSums",
    "item_covariance",
    "score_moments",
    "sum_answers",
    "sum_scale",
]
