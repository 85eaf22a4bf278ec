"""Files that are read, and files that are rejected."""
