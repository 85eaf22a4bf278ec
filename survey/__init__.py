"""Use cases: opens transactions, talks to channels, runs jobs; knows no HTTP."""
