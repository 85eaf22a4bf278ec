"""Use cases ranked by published criteria; the choice is left to people.

Import from the modules, so that commands that only read criteria do not import SciPy.
"""
