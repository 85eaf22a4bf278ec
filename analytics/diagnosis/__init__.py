"""What holds a unit back, how far it has come, and what has to come first.

Import from the modules; each answers one question.
"""
