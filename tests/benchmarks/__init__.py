"""Benchmarks: speed, and accuracy on companies whose truth is known."""
