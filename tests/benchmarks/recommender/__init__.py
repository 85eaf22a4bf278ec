"""The recommender on thousands of simulated units, beside the toy and the oracle."""
