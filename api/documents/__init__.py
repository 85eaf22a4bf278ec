"""Documents without pictures, for reading, printing and pasting."""
