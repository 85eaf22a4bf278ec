"""Benchmarks: how fast, and how often right on companies whose truth is known."""
