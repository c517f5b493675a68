# One command each. Needed: Python 3.11 or newer, git, make. `make help` lists them.
PYTHON ?= python3
PY := .venv/bin/python
UP := $(PY) -m crm_project.up
INSTALL := $(PYTHON) crm_project/up/install.py
TEST_SERVICES := $(UP) with-services --scratch test --no-sync --settings crm_project.settings.test --template --

.PHONY: help run dev services install test test-fast lint check format demo bench maven screenshots assets messages manage
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

run: ## the whole product on http://127.0.0.1:8000 (PORT=, HOST=)
	@$(INSTALL) && exec $(UP) run $(ARGS)

dev: ## the same with DEBUG and reload
	@$(INSTALL) dev && exec $(UP) dev $(ARGS)

services: ## only PostgreSQL and Valkey, with their addresses
	@$(INSTALL) && exec $(UP) services

install: ## the development environment in .venv
	@$(INSTALL) dev

test: ## everything, browser included (ARGS= for pytest)
	@$(INSTALL) dev && $(UP) chromium && $(TEST_SERVICES) python -m pytest -n 2 --dist loadfile $(ARGS)

test-fast: ## without browser, up to the first failure
	@$(INSTALL) dev && $(TEST_SERVICES) python -m pytest -q -x -m "not browser" $(ARGS)

lint: ## format, rules, templates, types, layers, migrations
	@$(INSTALL) dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	@if [ -d templates ]; then echo "$(PY) -m djlint templates --lint --quiet"; $(PY) -m djlint templates --lint --quiet; fi
	$(PY) tools/assets.py --check
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(UP) with-services --scratch test --no-sync -- python manage.py makemigrations --check --dry-run

format: ## let ruff write the format and what it can repair
	@$(INSTALL) dev
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

check: ## Django's own checks, as on a server
	@$(INSTALL) && $(UP) with-services --settings crm_project.settings.prod -- env ALLOWED_HOSTS=localhost \
		python manage.py check --deploy --database default --fail-level WARNING

demo: ## the demo company (ARGS="--scale 10")
	@$(INSTALL) && $(UP) with-services --migrate -- python manage.py demo $(ARGS)

bench: ## speed of the main pages (N=1000000 for a million leads)
	@$(INSTALL) && $(UP) with-services --scratch bench --migrate -- python -m bench $(if $(N),--n $(N)) $(ARGS)

maven: ## a real pipeline of 8,800 opportunities in a database of its own, and its figures
	@$(INSTALL) && $(UP) with-services -- python manage.py maven $(ARGS)

screenshots: ## the pictures of the user guide, from a sample company of their own (ARGS="--only board")
	@$(INSTALL) dev && $(UP) chromium && $(UP) with-services --scratch screenshots --migrate -- python tools/screenshots.py $(ARGS)

assets: ## fetch the vendored browser files again (needs npm; ARGS=--check only compares them with their lock)
	@$(PYTHON) tools/assets.py $(ARGS)

messages: ## sentences that have no Persian yet (needs gettext)
	@$(INSTALL) && $(PY) manage.py messages $(ARGS)

manage: ## any management command on the running database (ARGS="shell")
	@$(INSTALL) && $(UP) with-services -- python manage.py $(ARGS)
