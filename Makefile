# Works in a fresh clone with Python >= 3.10 and make; Node >= 20 is used when present.
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
FIND_PYTHON = for p in python3.11 python3.12 python3.13 python3.10 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && command -v $$p && break; done
PYTHON ?= $(shell $(FIND_PYTHON))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help prepare demo lab test test-full test-gpu bench docs screenshots dist format lint clean
.NOTPARALLEL:

help:
	@echo "make demo       train on real data through the queue, in this terminal"
	@echo "make lab        JupyterLab on the demo workspace, quickstart open"
	@echo "make test       lint, types, unit, contract, packaging and browser tests (< 15 minutes)"
	@echo "make test-full  what takes longer"
	@echo "make test-gpu   what needs a GPU of NVIDIA; to be run by hand where there is one"
	@echo "make bench      the benchmarks, as ratios against their references"
	@echo "make docs       the reference, from the docstrings, in site/"
	@echo "make screenshots  the pictures of the documentation, from real runs in a real browser"
	@echo "make dist       sdist and wheel in dist/"
	@echo "make format     let the formatters rewrite the sources"
	@echo "make lint       ruff, mypy, ESLint, Prettier, tsc"
	@echo "make clean      remove everything that these commands made"

prepare:
	@test -n "$(PYTHON)" || { echo "Python >= 3.10 with the venv module is needed (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@$(PYTHON) scripts/prepare.py

demo: prepare
	@$(BIN)/python scripts/demo.py

lab: prepare
	@$(BIN)/python scripts/lab.py

test: prepare
	@$(BIN)/python scripts/run_tests.py test

test-full: prepare
	@$(BIN)/python scripts/run_tests.py full

test-gpu: prepare
	@$(BIN)/python -m pytest -q -m gpu -rs -s tests/gpu

bench: prepare
	@$(BIN)/python -m bench

docs: prepare
	@$(BIN)/pdoc -d numpy -o site ml_jupyter ml_jupyter.core ml_jupyter.sdk ml_jupyter.exceptions \
		ml_jupyter.config ml_jupyter.widgets ml_jupyter.tensorboard ml_jupyter.history ml_jupyter.jobs
	@echo "site/index.html"

screenshots: prepare
	@$(BIN)/python scripts/chromium.py
	@$(BIN)/python -m tests.e2e.take_screenshots
	@ls -l docs/images

dist: prepare
	@rm -rf dist
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m build --outdir dist . >/dev/null
	@ls -l dist

format: prepare
	@$(BIN)/ruff check --fix -q; $(BIN)/ruff format -q
	@cd labextension && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent format

lint: prepare
	@$(BIN)/python scripts/run_tests.py test --only ruff ruff-format mypy eslint prettier tsc

clean:
	@rm -rf $(VENV) dist build site test-results .demo .mypy_cache .ruff_cache .hypothesis \
		labextension/node_modules labextension/lib ml_jupyter/labextension ml_jupyter/static ml_jupyter/_version.py
