"""Taking answers in, exactly once."""
