# Start with `make demo` and `make test`. They need only Python 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TOOLS := $(VENV)/.tools

.PHONY: setup demo serve test check slow tools chromium format lint types bench lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

demo: setup
	$(BIN)/opmodel demo

serve: setup
	$(BIN)/opmodel serve

# Without the tests marked `slow` or `browser`: tests/README.md.
test: setup
	$(BIN)/pytest

# It begins by asking for the tools, so that nobody learns after ten minutes that one is missing.
check: setup
	@$(BIN)/python -m tests.tools
	$(MAKE) lint types test slow

slow: setup
	$(BIN)/pytest -m "slow or browser"

# What tests marked `browser` need beyond Python's packages: Chromium, Node's packages, a driver.
tools: chromium $(TOOLS)

chromium:
	@command -v chromium >/dev/null || { \
		as=; [ "$$(id -u)" = 0 ] || as="sudo -n"; \
		command -v apt-get >/dev/null && $$as true 2>/dev/null || { \
			echo "Install Chromium (Debian's package chromium), then run make tools again." >&2; \
			exit 1; \
		}; \
		$$as apt-get update --quiet=2; \
		$$as apt-get install --quiet=2 --yes --no-install-recommends chromium; \
	}

$(TOOLS): $(STAMP) requirements-tools.lock package-lock.json package.json .npmrc
	@command -v npm >/dev/null || { \
		echo "Install Node.js 20 or later with npm, then run make tools again." >&2; exit 1; }
	npm ci --no-progress
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-tools.lock
	touch $(TOOLS)

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: setup
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m tests.benchmarks

# For maintainers; users of the locks need neither uv nor this recipe, which leaves every address
# out. The locks of Python hold for all platforms.
UV := build/uv/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header

lock: $(UV)
	$(COMPILE) pyproject.toml --extra dev -o requirements.lock
	$(COMPILE) --group tools --constraint requirements.lock -o requirements-tools.lock
	npm install --package-lock-only

$(UV):
	$(PYTHON) -m venv build/uv
	build/uv/bin/pip install --quiet --disable-pip-version-check uv

clean:
	rm -rf $(VENV) node_modules build *.egg-info
