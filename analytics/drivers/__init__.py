"""What goes together with the value realised; it says nothing of causes."""

from analytics.drivers.drivers import drivers

__all__ = ["drivers"]
