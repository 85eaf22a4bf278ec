"""The tools that tests marked `browser` need, and which of them are missing here.

``python -m tests.tools`` fails if one is missing.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

__all__ = ["AXE", "SPECTRAL", "chromium", "missing_tools"]

_NODE_MODULES = Path(__file__).parents[1] / "node_modules"
AXE = _NODE_MODULES / "axe-core" / "axe.min.js"
SPECTRAL = _NODE_MODULES / ".bin" / "spectral"


def chromium() -> str | None:
    """Return the path of Debian's Chromium."""
    return shutil.which("chromium")


def missing_tools() -> list[str]:
    """Name the tools that are not installed."""
    found = {
        "Chromium": chromium(),
        "Node.js": shutil.which("node"),
        "axe": AXE.exists(),
        "Spectral": SPECTRAL.exists(),
        "Playwright": importlib.util.find_spec("playwright"),
        "schemathesis": importlib.util.find_spec("schemathesis"),
    }
    return [name for name, there in found.items() if not there]


if __name__ == "__main__":
    if missing := missing_tools():
        sys.exit(f"Missing: {', '.join(missing)}. Run `make tools` first.")
