# `make serve` and `make test` are all most people need; both can be repeated and do only what is missing.
PYTHON ?= python3
VENV := .venv
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check -q
INSTALL := $(PIP) install -c constraints.txt

.PHONY: help package packages headers serve test check lint types bench images lock docs site site-serve clean

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/python:
	@echo "making a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.server: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "installing the server (no torch, no Docker, no Redis needed)"
	@$(INSTALL) -e '.[server,data]'
	@touch $@

$(VENV)/.everything: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "installing the server, the trainer (torch, CPU) and the tools of the tests"
	@$(INSTALL) 'torch==2.13.0'
	@$(INSTALL) -e '.[server,trainer,data,translation,molecule,telemetry,ray,dev]'
	@touch $@ $(VENV)/.server

$(VENV)/.packages: $(VENV)/.server sandboxes/images/python/requirements.txt
	@echo "installing what programs of data sets import (numpy, pandas, ...)"
	@sed 's/==.*//' sandboxes/images/python/requirements.txt > $(VENV)/packages.txt
	@$(INSTALL) -r $(VENV)/packages.txt && touch $@ || echo "some could not be installed: see reward-server doctor"

$(VENV)/.site: $(VENV)/bin/python docs/site/requirements.txt
	@echo "installing the generator of the documentation's site, in $(VENV)/site"
	@$(VENV)/bin/python -m venv $(VENV)/site
	@$(VENV)/site/bin/python -m pip --disable-pip-version-check -q install --no-deps -r docs/site/requirements.txt
	@touch $@

PRECOMPILED := /usr/local/lib/reward-server/precompiled/bits
headers: ## precompile the header that C++ programs include, for sandboxes that are processes (as root)
	@mkdir -p $(PRECOMPILED) && echo '#include <bits/stdc++.h>' > $(PRECOMPILED)/all.h
	@g++ -std=gnu++20 -O2 -x c++-header $(PRECOMPILED)/all.h -o $(PRECOMPILED)/stdc++.h.gch && rm $(PRECOMPILED)/all.h

packages: $(VENV)/.packages ## install the packages that programs may import, for sandboxes that are processes

serve: $(VENV)/.server $(VENV)/.packages ## install into .venv and serve on 127.0.0.1:8000 (ARGS="--port 9000" for options)
	@$(VENV)/bin/reward-server serve $(ARGS)

test: $(VENV)/.everything ## install into .venv and run every test (ARGS="-k math" for some)
	@$(VENV)/bin/python -m pytest $(ARGS)

check: lint types ## what CI asks of the source

lint: $(VENV)/.everything
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .

types: $(VENV)/.everything
	@$(VENV)/bin/mypy

bench: $(VENV)/.everything ## print the figures the README and ARCHITECTURE quote
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(VENV)/bin/python $$file || exit 1; done

images: $(VENV)/.server ## build the images of the Docker sandboxes (IMAGES="jvm rust" for some)
	@$(VENV)/bin/python -m sandboxes.images --version $(VERSION) $(IMAGES)

package: $(VENV)/bin/python ## build the wheel and the image, and try both in clean environments
	@rm -rf dist && $(PIP) wheel --no-deps -w dist .
	@bash deploy/try-package.sh dist/reward_server-$(VERSION)-py3-none-any.whl $(VERSION)

lock: $(VENV)/.everything ## write constraints.txt anew from pyproject.toml
	@$(PIP) install uv
	@$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url \
	  --no-emit-find-links --extra server --extra trainer --extra data --extra translation --extra molecule --extra telemetry --extra ray --extra dev pyproject.toml -o constraints.txt

clean: ## remove what the targets above made
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

docs: $(VENV)/.everything ## write anew what documents say from the code (ARGS=--audit measures the kinds)
	@$(VENV)/bin/python -m tests.documents.written $(ARGS)

site: $(VENV)/.server $(VENV)/.site ## build the documentation as a site in build/site/html
	@$(VENV)/bin/python docs/site/stage.py
	@NO_MKDOCS_2_WARNING=1 $(VENV)/site/bin/mkdocs build -q --strict -f build/site/mkdocs.yml
	@echo "read it: build/site/html/index.html, or make site-serve"

site-serve: $(VENV)/.server $(VENV)/.site ## serve the documentation on 127.0.0.1:8200, anew after each edit
	@$(VENV)/bin/python docs/site/stage.py
	@NO_MKDOCS_2_WARNING=1 $(VENV)/site/bin/mkdocs serve -f build/site/mkdocs.yml -a 127.0.0.1:8200
