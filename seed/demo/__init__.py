"""An invented company whose people answer, always the same, from a fixed seed; stores nothing.

Tarnholt Industries makes drives, pumps and sensors. ``demo_units`` is its tree, ``demo_people``
works there, and ``demo_answers`` is what they say. Loading it is the work of the use cases.
"""
