"""A reference that no method can beat by much: Bayes' rule with a known model of answering."""

from tests.benchmarks.oracle.posterior import oracle_posterior

__all__ = ["oracle_posterior"]
