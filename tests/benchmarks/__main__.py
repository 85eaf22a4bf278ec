"""`make bench`: every measurement, one after the other."""

from tests.benchmarks.capture import measure
from tests.benchmarks.recommender.__main__ import main as judge_recommender

if __name__ == "__main__":
    measure()
    judge_recommender([])
