"""Simulated companies with known truth, to judge the product; shares no code with it.

>>> company = simulate(SCENARIOS["baseline"], units=12, seed=1)
>>> company.truth.height
12
"""

from tests.benchmarks.simulator.company import SimulatedCompany, simulate
from tests.benchmarks.simulator.scenarios import DISTURBANCES, SCENARIOS, Parameters

__all__ = ["DISTURBANCES", "SCENARIOS", "Parameters", "SimulatedCompany", "simulate"]
