"""The recommender on thousands of simulated units, compared with the toy and the oracle."""
