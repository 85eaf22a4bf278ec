"""Things that many tests need: valid by default, nothing random."""
