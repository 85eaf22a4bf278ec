"""`make bench`: every measurement, one after the other."""

from tests.benchmarks.capture import measure

if __name__ == "__main__":
    measure()
