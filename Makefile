# What one does here. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
OPENID_STAMP := $(VENV)/.installed-openid
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2
# `make test ARGS="tests/structure -x"` narrows a run.
ARGS ?=
CATALOGUES := $(wildcard platform/hosting/translations/*/LC_MESSAGES/*.po */translations/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help setup up test check format lint types layers prove security bench messages revision lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(RUN_STAMP) ## Make .venv with the locked dependencies and the `jiyue` command

up: setup ## Set up, load the sample municipality, serve it on 127.0.0.1:8000
	@$(BIN)/jiyue init
	@$(BIN)/jiyue demo
	@exec $(BIN)/jiyue serve

test: $(DEV_STAMP) $(OPENID_STAMP) ## Set up what the tests need and run them
	@tools/install-test-servers
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope -m "not prove" $(ARGS)

check: format lint types layers test ## All that CI looks at: format, lint, types, layers, tests

format: $(DEV_STAMP) ## Is everything formatted? (FIX=1 formats)
	$(BIN)/ruff format $(if $(FIX),,--check) .

lint: $(DEV_STAMP) ## Lint (FIX=1 mends what can be mended)
	$(BIN)/ruff check $(if $(FIX),--fix,) .

types: $(DEV_STAMP) ## Strict types
	$(BIN)/mypy

layers: $(DEV_STAMP) ## Imports run one way
	$(BIN)/lint-imports --no-cache

prove: $(DEV_STAMP) $(OPENID_STAMP) ## The exhaustive suites: crashes, guards switched off; writes docs/proof.md
	@tools/install-test-servers
	$(BIN)/python -m pytest -n $(WORKERS) --timeout 3600 -m prove --figures=docs/proof.md $(ARGS)

security: $(DEV_STAMP) $(OPENID_STAMP) ## The security suites, as one table (kept in docs/security.md)
	@tools/install-test-servers
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope -m "not prove" -q --security=docs/security.md $(ARGS)

bench: setup ## Benchmarks, as ratios
	$(BIN)/python -m bench $(ARGS)

messages: $(DEV_STAMP) ## Gather what people read, bring the English catalogues up to date, compile them
	$(BIN)/python tools/update_messages.py

revision: $(DEV_STAMP) ## Write the schema's next revision: make revision MESSAGE="add ..."
	$(BIN)/python tools/new_revision.py "$(MESSAGE)"

lock: $(DEV_STAMP) ## Write the locks anew from requirements*.in
	@tools/update-locks

clean: ## Remove what was made here, except var/
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Jiyue needs Python 3.11 or later; name one with: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python could not make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }

# setup.py lists the areas, pyproject.toml the build: a change of either installs again, and so does
# one of the catalogues, which are compiled on the way.
$(RUN_STAMP): setup.py pyproject.toml requirements.lock $(CATALOGUES) | $(BIN)/python
	@echo "Installing what the platform runs on ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	@echo "Installing what the tests need ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# The identity provider of the tests keeps to itself: what it needs is never beside the platform.
$(OPENID_STAMP): requirements-openid.lock | $(BIN)/python
	@echo "Installing the identity provider of the tests ..."
	@$(PYTHON) -m venv $(VENV)/openid
	@$(VENV)/openid/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements-openid.lock
	@touch $@
