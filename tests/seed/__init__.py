"""Tests of the content; every file valid, every word in place."""
