"""Piccolo's configuration (``PICCOLO_CONF=models.piccolo_conf``); makes no connection."""

from piccolo.conf.apps import AppRegistry

from models.engine import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(apps=["models.piccolo_app"])
