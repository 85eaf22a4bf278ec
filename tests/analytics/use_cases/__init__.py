"""The ranking of use cases."""
