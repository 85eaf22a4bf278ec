"""What holds a unit back, how far it has come, and what it needs first.

Import from the modules; each answers one question.
"""
