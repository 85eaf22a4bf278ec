"""What goes together with the realised value; nothing here is about causes."""

from analytics.drivers.drivers import drivers

__all__ = ["drivers"]
