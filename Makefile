# The doors of the checkout. A fresh machine needs Python 3.11 or newer and make; the rest is set up here.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEEDS ?= 1-20
DAYS ?= 365
DIST ?= dist
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH

.PHONY: help setup run test quick soak check bench dist pictures requirements

help: ## show what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/ready ## create the environment with pinned, hashed packages

run: $(VENV)/ready ## start pages, feeds and the clock with the example covenant
	@exec $(BIN)/cycle serve --example

test: $(VENV)/ready-dev ## run the tests
	$(BIN)/python -m pytest -n auto --dist loadfile

quick: $(VENV)/ready-dev ## run the tests that are quick: no browser, SQLite only; it says what it left out
	$(BIN)/python -m pytest --quick -n auto --dist loadfile

soak: $(VENV)/ready-dev ## try each property and thousands of damaged documents, and live many simulated years of a table (SEEDS=1-20 DAYS=365)
	SOAK=1 $(BIN)/python -m pytest -n auto -m 'hypothesis or soak'
	$(BIN)/python -m tests.simulation --seeds $(SEEDS) --days $(DAYS)

check: $(VENV)/ready-dev ## style, types, floors, and all that tests find by only reading the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest tests/test_docs.py tests/test_house.py tests/test_words.py \
	  tests/test_private.py::test_nothing_in_the_program_makes_a_file_elsewhere

bench: $(VENV)/ready-dev ## hold each promise of speed against a floor in the same run
	$(BIN)/python -m benchmarks

dist: $(VENV)/ready ## what a server needs, in dist/: the wheel, the list that installs it by hash, and deploy/
	@rm -rf $(DIST) && mkdir -p $(DIST)
	@$(BIN)/pip wheel --quiet --no-deps --no-index --no-build-isolation --wheel-dir $(DIST) .
	@cp requirements.txt $(DIST)/requirements.txt && cp -R deploy CHANGELOG.md $(DIST)/
	@cd $(DIST) && wheel=$$(echo prestatiecyclus-*.whl) && printf './%s \\\n    --hash=sha256:%s\n' \
	  "$$wheel" "$$(sha256sum "$$wheel" | cut -d ' ' -f 1)" >> requirements.txt
	@echo "In $(DIST)/ on the server: python3 -m venv /opt/cycle && /opt/cycle/bin/pip install --require-hashes -r requirements.txt"

pictures: $(VENV)/ready-dev ## take the pictures of the handbook again (needs chromium)
	HANDBOOK_PICTURES=1 $(BIN)/python -m pytest -q tests/web/desk/test_handbook_pictures.py

requirements: ## pin again what pyproject.toml asks (needs uv on the path)
	uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --extra postgres --extra oidc --extra encryption --extra metrics --extra build -o requirements.txt
	uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --extra postgres --extra oidc --extra encryption --extra metrics --extra build --extra dev \
	  -c requirements.txt -o requirements-dev.txt

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "cycle needs Python 3.11 or newer; try: make PYTHON=python3.12 setup"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "This Python has no venv module; on Debian: apt install python3-venv"; rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/ready: requirements.txt pyproject.toml | $(VENV)/created
	@echo "Setting up (once, about half a minute) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip uninstall -qq --yes cycle # the name of before; on the index it is a stranger's
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt $(VENV)/ready
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
