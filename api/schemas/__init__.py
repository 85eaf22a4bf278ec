"""Bodies that no use case knows, and an example of every body."""
