# `make help` lists what there is to do. Every target sets up what it needs.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# Material would announce its successor at every build.
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help serve build test lint bench audit mutants lock browser offline pdf successor clean

help:            ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

serve: $(READY)  ## build the site and serve it at http://127.0.0.1:8000
	$(BIN)/mkdocs serve

build: $(READY)  ## build the site, strictly, into site/
	$(BIN)/mkdocs build

test: $(READY) browser  ## run every test
	$(BIN)/python -m pytest

lint: $(READY)   ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY) browser  ## measure the builds, cold and warm, and the pages
	$(BIN)/python -m weave.dev.bench

lock: $(READY)   ## write requirements.lock anew, with the newest versions that fit
	$(BIN)/python -m weave.dev.lock

browser: $(READY)
	@$(BIN)/python -m weave.editions.browser

audit: $(READY) browser ## every page, many killed builds, other seeds and threads
	$(BIN)/python -m pytest -m audit tests/browser tests/snippets tests/weave/run

mutants: $(READY) ## change the snippets' code, and see whether the tests notice (10 min)
	$(BIN)/python -m weave.dev.mutants $(if $(SEED),--seed $(SEED)) $(ONLY)

offline: $(READY) ## pack the site into one zip that reads from a folder
	$(BIN)/python -m weave.editions.offline

pdf: $(READY) browser ## print the book, one PDF a language
	$(BIN)/python -m weave.editions.pdf

successor: $(READY) ## build the notes with Zensical too, and compare every article
	$(BIN)/python -m weave.dev.successor

clean:           ## remove everything that the other targets made
	rm -rf .venv .cache site dist mutants

$(READY): requirements.lock torch.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	  "pyproject.toml: needs Python 3.11 or newer, but $(PYTHON) is %d.%d;" \
	  " name a newer one: make $(MAKECMDGOALS) PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-build-isolation --requirement torch.lock --editable .
	touch $@
