# What do people run? `make` lists it. Everything is installed into .venv from hashed lock files.

PYTHON ?= python3
BIN := .venv/bin
DEPS := .venv/.deps-stamp
UI := src/foreshock/webui/index.html
UI_SOURCES := $(shell find ui -type f -not -path '*/node_modules/*' -not -path '*/.svelte-kit/*' 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint types bench soak reliability ui wheel lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(UI) ## run the desk against two simulated venues and print its address
	$(BIN)/foreshock demo

test: $(UI) ## run the whole test suite
	$(BIN)/pytest -q -n 2 --dist loadfile

lint: $(DEPS) ## check style, formatting and declared dependencies
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/deptry --no-ansi src

types: $(DEPS) ## check types and the import contracts
	$(BIN)/basedpyright --level error
	$(BIN)/lint-imports

bench: $(DEPS) ## print the performance ratios
	$(BIN)/python -m benchmarks

soak: $(DEPS) ## run the long seeded tests and 20,000 seeds of the simulation; goes on where it stopped
	$(BIN)/pytest -q tests -m soak
	@mkdir -p .cache
	$(BIN)/foreshock sim --mix all --seeds 20000 --twice --progress .cache/soak.jsonl --report .cache/soak.json

reliability: $(DEPS) ## run the seeds and the mutants and write docs/reliability.md
	@mkdir -p .cache
	$(BIN)/foreshock sim --seeds 100 --report .cache/sim.json
	$(BIN)/python -m tests.reliability .cache/sim.json docs/reliability.md

ui: $(UI) ## build the dashboard (only when its sources changed)

wheel: $(UI) ## build dist/foreshock-*.whl with the dashboard inside
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

lock: $(DEPS) ## resolve the lock files again
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove the environment, builds and caches
	rm -rf .venv build dist src/foreshock/webui ui/node_modules ui/.svelte-kit \
	  .cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

LOCK_OPTIONS := --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
  --no-header --python-version 3.11

# A half-made environment is removed: the next run would take it for a whole one.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: needs Python >= 3.11: set PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "error: no venv module: install your system's python3-venv package" >&2; exit 1; }

# The requirement hashes decide what is installed; the project itself then needs no network.
$(DEPS): requirements-dev.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(UI): $(UI_SOURCES) | $(DEPS)
	$(BIN)/python scripts/build_ui.py
	@touch $@
