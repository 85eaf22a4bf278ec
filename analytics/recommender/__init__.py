"""Which operating model a unit's conditions speak for, and how far to trust that.

Import from the modules, so that commands that only read anchors do not import scikit-learn.
"""
