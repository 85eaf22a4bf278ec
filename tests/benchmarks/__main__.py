"""`make bench`: every measurement, one after the other."""

from tests.benchmarks.analysis_speed import main as measure_analysis
from tests.benchmarks.capture import measure
from tests.benchmarks.closing import main as measure_closing
from tests.benchmarks.recommender.__main__ import main as judge_recommender

if __name__ == "__main__":
    measure()
    measure_closing()
    measure_analysis()
    judge_recommender([])
