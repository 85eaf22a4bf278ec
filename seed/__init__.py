"""Content as data files, and the code that loads it through the use cases of `survey`."""
