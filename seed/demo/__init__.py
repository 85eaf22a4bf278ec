"""An invented company whose people always give the same answers, drawn from a fixed seed.

Tarnholt Industries makes drives, pumps and sensors. ``demo_units`` returns its unit tree,
``demo_people`` its people and ``demo_answers`` their answers. ``seed.loader`` stores them.
"""
