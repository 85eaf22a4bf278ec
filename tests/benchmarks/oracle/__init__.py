"""What nobody could beat by much: Bayes' rule by one who knows how the answers were made."""

from tests.benchmarks.oracle.posterior import oracle_posterior

__all__ = ["oracle_posterior"]
