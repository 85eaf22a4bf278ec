"""Content as data, and the code that loads it through the use cases."""
