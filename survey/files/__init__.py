"""From a file to a checked frame, or to a precise list of complaints; stores nothing."""
