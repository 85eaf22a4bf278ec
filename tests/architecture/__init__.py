"""Rules for every file of the project."""
