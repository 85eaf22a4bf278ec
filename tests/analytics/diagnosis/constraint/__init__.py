"""The hidden constraint."""
