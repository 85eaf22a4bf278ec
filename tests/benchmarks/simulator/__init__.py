"""Companies with known truth, to judge the product by; it shares no code with the analysis.

>>> company = simulate(SCENARIOS["baseline"], units=12, seed=1)
>>> company.truth.height
12
"""

from tests.benchmarks.simulator.company import SimulatedCompany, simulate
from tests.benchmarks.simulator.scenarios import DISTURBANCES, SCENARIOS, Parameters

__all__ = ["DISTURBANCES", "SCENARIOS", "Parameters", "SimulatedCompany", "simulate"]
