"""Tests of the content files and their loading."""
