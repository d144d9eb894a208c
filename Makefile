# Corridor: `make run` serves headquarters, `make test` proves the tree. See README.md.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test setup lock

help:
	@echo 'make run     set up what the program needs, load gaza-2023, serve http://127.0.0.1:8000'
	@echo 'make test    set up what the tests need and run every check'
	@echo 'make setup   set up only: .venv/bin/corridor'
	@echo 'make lock    write requirements*.txt anew from pyproject.toml'

run:
	@.ci/setup run
	@exec .venv/bin/corridor run

setup:
	@.ci/setup test

# Each step must pass before the next starts; the tests come last, so that their count is the last thing said.
test: setup
	@echo '[1/5] lint';   .venv/bin/ruff check
	@echo '[2/5] format'; .venv/bin/ruff format --check
	@echo '[3/5] types';  .venv/bin/mypy
	@echo '[4/5] layers'; .venv/bin/lint-imports
	@echo '[5/5] tests';  .venv/bin/python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder

# Hashes and no address: the files must not say which index they came from.
compile = .tools/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
lock:
	@.ci/setup test
	@$(compile) pyproject.toml --group build --output-file requirements.txt
	@$(compile) pyproject.toml --group dev --constraint requirements.txt --output-file requirements-dev.txt
	@$(compile) --group tools --output-file requirements-tools.txt
