# Yakuba on a bare machine: `make demo` to see it, `make install` to have it, `make check` before a commit, `make test` for all.
# Needs make and Python 3.11 or newer with venv. Everything lands in .venv, .build and .demo, which git ignores.

PYTHON ?= python3
BIN := .venv/bin
STAMPS := .venv/.stamps
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
VENDOR := src/yakuba/kernel/ui/static/vendor/manifest.json
MESSAGES := $(wildcard src/yakuba/locale/*/LC_MESSAGES/*.po)
JOBS ?= 2
PORT ?= 8000

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo dev check test static lint types contracts migrations translations documents fast format messages floors third-party settings states lock clean

help:
	@echo 'make demo         install, load the sample town, serve it on http://localhost:8000/'
	@echo 'make install      .venv with the command .venv/bin/yakuba'
	@echo 'make check        the 90-second gate: style, types, contracts, fast tests'
	@echo 'make test         everything this machine has engines for'
	@echo 'make format       bring the code into shape'
	@echo 'make messages     bring the translations up to date with the source'
	@echo 'make floors       draw docs/floors.svg from the import contracts'
	@echo 'make third-party  write THIRD_PARTY.md from the pins'
	@echo 'make settings     write docs/settings.md from the code'
	@echo 'make states       write docs/states from the state tables'
	@echo 'make lock         write the pins anew from pyproject.toml and package.json (needs uv and npm)'
	@echo 'make clean        remove what was installed and built (never .demo)'

# --- installing -------------------------------------------------------------------------------------------------

install: $(STAMPS)/package $(VENDOR) $(STAMPS)/messages

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed; name it with: make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo 'Python lacks venv; on Debian: apt-get install python3-venv' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/base: requirements/base.txt requirements/build.txt | $(STAMPS)/venv
	@echo 'install: Python packages, by hash'
	@$(PIP) --require-hashes -r requirements/build.txt -r requirements/base.txt
	@touch $@

# The build backend is pinned like the rest, so nothing is fetched here.
$(STAMPS)/package: pyproject.toml $(STAMPS)/base
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENDOR): package.json package-lock.json .npmrc requirements/assets.txt requirements/assets.lock.json tools/assets.py $(STAMPS)/base
	@$(BIN)/python tools/assets.py

$(STAMPS)/messages: $(MESSAGES) tools/translations.py $(STAMPS)/base
	@$(BIN)/python tools/translations.py compile
	@touch $@

demo: install
	@$(BIN)/yakuba demo run --home ./.demo --port $(PORT)

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/base
	@echo 'install: packages for the tests, by hash'
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

dev: install $(STAMPS)/dev

# --- the gate ---------------------------------------------------------------------------------------------------

check: dev
	@$(MAKE) --no-print-directory --keep-going --jobs=$(JOBS) --output-sync=target types fast lint contracts migrations translations documents

static: dev
	@$(MAKE) --no-print-directory --keep-going --jobs=$(JOBS) --output-sync=target types lint contracts migrations translations documents

types migrations: export YAKUBA_HOME = $(CURDIR)/.build/gate-home
types migrations contracts: export DJANGO_SETTINGS_MODULE = yakuba.settings

lint:
	@$(BIN)/ruff check --quiet --output-format=concise .
	@$(BIN)/ruff format --check --quiet . || { echo 'some files are not in shape; `make format`' >&2; exit 1; }
	@echo 'lint: style and shape are right'

types:
	@$(BIN)/mypy

contracts:
	@$(BIN)/lint-imports --no-logo

migrations:
	@$(BIN)/python -m django makemigrations --check --dry-run

translations:
	@$(BIN)/python tools/translations.py check

documents:
	@$(BIN)/python tools/floors.py --check
	@$(BIN)/python tools/third_party.py --check
	@$(BIN)/python tools/settings_page.py --check
	@$(BIN)/python tools/state_diagrams.py --check

fast:
	@$(BIN)/python tools/run_tests.py --fast

test: dev
	@$(BIN)/python tools/run_tests.py

# --- keeping it ---------------------------------------------------------------------------------------------------

format: dev
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

messages: dev
	@$(BIN)/python tools/translations.py update
	@$(BIN)/python tools/translations.py compile

floors: dev
	@$(BIN)/python tools/floors.py

settings: dev
	@$(BIN)/python tools/settings_page.py

states: dev
	@$(BIN)/python tools/state_diagrams.py

third-party: dev
	@$(BIN)/python tools/third_party.py

UV ?= $(firstword $(wildcard $(BIN)/uv) uv)
COMPILE = $(UV) pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11

lock: install
	@$(COMPILE) pyproject.toml --output-file requirements/base.txt
	@$(COMPILE) pyproject.toml --extra dev --constraint requirements/base.txt --output-file requirements/dev.txt
	@$(COMPILE) --no-annotate requirements/build.in --output-file requirements/build.txt
	@$(COMPILE) --no-annotate requirements/assets.in --output-file requirements/assets.txt
	@npm install --package-lock-only
	@$(MAKE) --no-print-directory $(STAMPS)/base
	@$(BIN)/python tools/assets.py --lock
	@$(BIN)/python tools/third_party.py

clean:
	@rm -rf .venv .build $(dir $(VENDOR)) src/yakuba/kernel/pdf/fonts .mypy_cache .ruff_cache .import_linter_cache
	@find src -name '*.mo' -delete
