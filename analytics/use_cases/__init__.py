"""Use cases ranked by criteria in the open; people choose, nothing here does.

Import from the modules: criteria are read by commands that must not wait for SciPy.
"""
