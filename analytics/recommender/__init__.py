"""Which operating model a unit's conditions speak for, and how far to trust that.

Import from the modules: anchors are read by commands that must not wait for scikit-learn.
"""
