"""Where Piccolo looks (``PICCOLO_CONF=models.piccolo_conf``); connects to nothing."""

from piccolo.conf.apps import AppRegistry

from models.engine import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(apps=["models.piccolo_app"])
