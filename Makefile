# What needs nothing but Python >= 3.11, git and make: site, serve, test, lint.
# `audit` needs Java and Node too.  Installed things stay in .venv; with nothing changed in
# pyproject.toml no target goes to the network a second time.  `make test PYTHON=3.12` (or the
# program) takes that Python, with an environment of its own (.venv-3.12) beside the usual one.

ifneq ($(PYTHON),)
CHOSEN := $(if $(filter 3.%,$(PYTHON)),$(shell .ci/pythons | sed -n 's/^$(PYTHON)\.[0-9]* //p'),$(PYTHON))
VERSION := $(if $(CHOSEN),$(shell "$(CHOSEN)" -c 'import sys; print("%d.%d" % sys.version_info[:2])'))
$(if $(VERSION),,$(error PYTHON=$(PYTHON) is no Python that runs; `make pythons` lists those that do))
PYTHONS := "$(CHOSEN)"
VENV := .venv-$(VERSION)
else
PYTHONS := python3.14 python3.13 python3.12 python3.11 python3 python
VENV := .venv
endif
BIN := $(VENV)/bin
AUDIT := tests/audit
EMULATORS := tests/emulators
BENCH := benchmarks
MARKS := $(VENV)/installed
PORT ?= 8000
SIZES ?= 1000 10000
PEERS ?=
RUNS ?= 3
MUTANTS ?= 300
SEED ?= 1
WORKERS ?= auto

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help site serve test unit pythons browser endpoints lint format audit exact mutants docs screenshots bench bench-table profile clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

site: $(MARKS)/site ## build this repository's newsroom into output/
	@$(BIN)/sitegen build
	@echo
	@echo 'The site is in output/.  To look at it: make serve (or put output/ on any static host).'

serve: $(MARKS)/site ## show the site at http://127.0.0.1:8000/ while you edit it (PORT=... for another)
	@$(BIN)/sitegen serve --port $(PORT)

test: $(MARKS)/test browser endpoints ## run all tests, those in the browser too (ARGS=... for pytest, WORKERS=0 for one process)
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

unit: $(MARKS)/test ## the tests without a browser, without long runs (ARGS=... for pytest)
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal -m 'not browser and not slow' $(ARGS)

pythons: ## the Pythons of this machine for PYTHON=..., the newest first
	@.ci/pythons

exact: $(MARKS)/test ## random edits, each build compared with a clean one (BUILDS=... of them)
	EXACT_BUILDS=$(or $(BUILDS),2000) $(BIN)/python -m pytest -s tests/incremental/test_machine.py

mutants: $(MARKS)/test ## change lines of the pure modules, tell which changes no test notices (MUTANTS=300 SEED=1)
	$(BIN)/python -m tests.mutants --count $(MUTANTS) --seed $(SEED) $(ARGS)

browser: $(MARKS)/test
	@$(BIN)/python -m tests.browser

endpoints: $(MARKS)/test $(EMULATORS)/node_modules/installed
	@$(BIN)/python -m tests.endpoints

lint: $(MARKS)/lint $(MARKS)/test ## ruff, mypy and the import contract; changes nothing
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(MARKS)/lint ## let ruff lay out the code
	$(BIN)/ruff format

audit: site $(MARKS)/audit $(AUDIT)/node_modules/installed browser ## vnu, axe and lychee on the built newsroom
	$(BIN)/python -m tests.audit output

docs: $(MARKS)/site ## fill in the parts of docs/ that are made from the code
	@$(BIN)/python -m docs.generate

screenshots: $(MARKS)/test browser ## take the pictures in docs/images/ again
	@$(BIN)/python -m docs.screenshots

bench: $(MARKS)/bench $(BENCH)/jekyll $(BENCH)/node_modules/installed ## sitegen and its peers side by side (SIZES="1000 10000" PEERS="..." RUNS=3 ARGS=...)
	$(BIN)/python -m benchmarks.run --sizes '$(SIZES)' --peers '$(PEERS)' --runs $(RUNS) $(ARGS)

bench-table: $(MARKS)/site ## write the newest measurements to docs/benchmark-results.md, and draw them
	$(BIN)/python -m benchmarks.table docs/benchmark-results.md
	$(BIN)/python -m benchmarks.curve docs/images/edit-cost.svg

profile: $(MARKS)/site ## where sitegen's own time goes (SIZES="1000 10000")
	$(BIN)/python -m benchmarks.stages --sizes '$(SIZES)'

clean: ## remove the environments, the caches and the built site
	rm -rf .venv .venv-3.* $(AUDIT)/node_modules $(EMULATORS)/node_modules $(BENCH)/node_modules $(BENCH)/work .sitegen .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find sitegen tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
	find output -mindepth 1 -maxdepth 1 ! -name .gitignore -exec rm -rf {} +

# The first Python that is new enough and whole enough for an environment of its own.
$(BIN)/python:
	@chosen=; bare=; \
	for name in $(PYTHONS); do \
	  "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  if "$$name" -c 'import ensurepip, venv' 2>/dev/null; then chosen=$$name; break; fi; \
	  bare=$$name; \
	done; \
	if [ -n "$$chosen" ]; then \
	  echo "Making $(VENV) with $$("$$chosen" --version)"; \
	  "$$chosen" -m venv --clear $(VENV) && exit 0; \
	elif [ -n "$$bare" ]; then \
	  echo "make: $$bare has no venv module; on Debian and Ubuntu: sudo apt install python3-venv" >&2; \
	else \
	  echo "make: sitegen needs Python 3.11 or newer; none of these is: $(PYTHONS)" >&2; \
	fi; \
	rm -rf $(VENV); exit 1

# Each mark is a copy of what was installed from, so that a new date alone (a checkout, say) does
# not install anything again.
$(MARKS)/site: pyproject.toml | $(BIN)/python
	@mkdir -p $(MARKS)
	@cmp -s $< $@ || { echo 'Installing sitegen into $(VENV)'; \
	  $(BIN)/python -m pip install --quiet --editable '.[search]'; }
	@cp $< $@

$(MARKS)/lint $(MARKS)/test $(MARKS)/audit $(MARKS)/bench: $(MARKS)/%: pyproject.toml | $(MARKS)/site
	@cmp -s $< $@ || { echo 'Installing what `make $*` needs into $(VENV)'; \
	  $(BIN)/python -m pip install --quiet 'pip>=25.1' && \
	  $(BIN)/python -m pip install --quiet --group $*; }
	@cp $< $@

$(AUDIT)/node_modules/installed: $(AUDIT)/package.json
	@command -v npm >/dev/null || { \
	  echo 'make audit: needs Node with npm; on Debian and Ubuntu: sudo apt install nodejs npm' >&2; exit 1; }
	@cmp -s $< $@ || { echo 'Installing the checkers into $(AUDIT)/node_modules'; \
	  npm install --prefix $(AUDIT) --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error; }
	@cp $< $@

# Tests do without what npm has where it cannot be had; in CI they fail.
$(EMULATORS)/node_modules/installed: $(EMULATORS)/package.json
	@if ! command -v npm >/dev/null; then \
	  echo 'make test: no npm, so without Azure and the specification of CommonMark (Debian and Ubuntu: sudo apt install nodejs npm)' >&2; \
	elif ! cmp -s $< $@; then echo 'Installing what tests need from npm into $(EMULATORS)/node_modules'; \
	  npm install --prefix $(EMULATORS) --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error && cp $< $@; \
	fi

# The benchmark does without the peers that cannot be had, and says so.
$(BENCH)/node_modules/installed: $(BENCH)/package.json
	@if ! command -v npm >/dev/null; then \
	  echo 'make bench: no npm, so without Eleventy (Debian and Ubuntu: sudo apt install nodejs npm)' >&2; \
	elif ! cmp -s $< $@; then echo 'Installing Eleventy into $(BENCH)/node_modules'; \
	  npm install --prefix $(BENCH) --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error && cp $< $@; \
	fi

.PHONY: $(BENCH)/jekyll
$(BENCH)/jekyll:
	@command -v jekyll >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  echo 'Installing Jekyll' && apt-get install -qq --no-install-recommends -y jekyll >/dev/null; } || \
	  echo 'make bench: without Jekyll (Debian and Ubuntu: sudo apt install jekyll)' >&2
