"""Requests that schemathesis makes up from the description, sent to a server that runs."""
