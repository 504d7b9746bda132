# Every command runs in .venv, which is made when needed. Try `make help`.

PORT ?= 8000
DIST ?= dist
PY := .venv/bin/python
# What is installed beside what the site always runs on: pdf, heic, postgresql, s3. PDF need Pango, and come where it is.
ifeq ($(origin EXTRAS),undefined)
EXTRAS := $(if $(wildcard /usr/lib/*/libpango-1.0.so.0 /usr/lib/libpango-1.0.so.0),pdf)
endif
space := $(subst ,, )
INSTALLED := .venv/requirements-$(subst $(space),-,$(strip site $(EXTRAS)))
AT_PORT = PORT=$(PORT) BASE_URL=$${BASE_URL:-http://127.0.0.1:$(PORT)}
export PYTHONPATH := .:site
# Containers forbid Python its compiled files: each process would compile the site again, each worker of the tests the tests.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run port test services nightly check audit bench pictures assets locale messages wheel dist lock image system ci

help: ## this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: port .venv/ready locale ## the site, from nothing, on http://127.0.0.1:$PORT (8000)
	@sh tools/present.sh
	@$(AT_PORT) $(PY) tools/prepare.py
	@PATH=$(CURDIR)/.venv/bin:$$PATH DJANGO_SETTINGS_MODULE=$${DJANGO_SETTINGS_MODULE:-config.settings.dev} $(AT_PORT) exec honcho --env /dev/null --procfile tools/Procfile start

# Before anything is installed, with any Python of the machine.
port:
	@! command -v python3 >/dev/null || python3 -c "import socket; socket.create_server(('127.0.0.1', $(PORT)))" 2>/dev/null \
		|| { echo "Le port $(PORT) est déjà pris : PORT=8001 make run" >&2; exit 1; }

test: .venv/ready .venv/tools-of-tests locale ## on each push: what needs no server and no night (make services, make nightly)
	@sh tools/test.sh

services: .venv/ready .venv/tools-of-tests locale ## on each push too: the tests of real servers, on a PostgreSQL of their own
	@sh tests/services/run-postgres

nightly: .venv/ready .venv/tools-of-tests locale ## each night and before a tag: every test, on both databases, and every build (PARTS=paquets: one part)
	@sh tools/nightly.sh

check: .venv/ready .venv/tools-of-tests locale ## style, types, scripts, style sheets, imports, migrations, translations, production settings
	@sh tools/check.sh

audit: .venv/tools-of-tests ## known holes of the packages; fails too where the network does not let one ask
	@PATH=$(CURDIR)/.venv/bin:$$PATH; pip-audit --strict --no-deps --disable-pip --requirement requirements.txt; python=$$?; \
		npm audit --package-lock-only && exit $$python

bench: .venv/ready .venv/tools-of-tests locale ## speed, measured on 5,000 made-up fiches
	@$(PY) -m bench

pictures: .venv/ready .venv/tools-of-tests ## docs/images/pages/ again, from the demo that `make run` shows on $PORT
	@$(AT_PORT) $(PY) tools/pictures.py

assets: .venv/ready ## the browser's packages again, in the static folders
	@$(PY) tools/assets.py

locale: .venv/ready ## compiles the translations that changed
	@$(PY) tools/translations.py compile

messages: .venv/ready ## brings the .po files up to date with code and templates (needs gettext)
	@$(PY) tools/translations.py extract

wheel: .venv/ready locale ## the plugin as one wheel, in dist/
	@rm -rf build/lib build/bdist.* $(DIST)
	@$(PY) -m pip --disable-pip-version-check --quiet wheel --no-deps --wheel-dir $(DIST) .

dist: .venv/tools-of-tests locale ## wheel and source, checked, and the list of what the site runs on, in dist/
	@sh tools/dist.sh

lock: .venv/tools-of-tests ## requirements.txt again, from pyproject.toml (UPGRADE=1: newer versions)
	@PATH=$(CURDIR)/.venv/bin:$$PATH $(PY) tools/lock.py

image: ## the image of site/deploy/Dockerfile, from Debian's packages, with buildah (root)
	@sh tools/image.sh

system: ## Debian packages for PDF, browser tests and services (root)
	@sh tools/system.sh

ci: ## what the continuous integration runs
	@bash .ci/run

# Stamps: each step is done again only when what it reads has changed.
.venv/ready: .venv/packages tools/assets.py
	@$(PY) tools/assets.py
	@touch $@

.venv/packages: package-lock.json tools/packages.sh | $(INSTALLED)
	@sh tools/packages.sh
	@touch $@

.venv/tools-of-tests: requirements.txt tools/environment.sh package-lock.json docs/frontal/package-lock.json tools/packages.sh | .venv/packages
	@sh tools/environment.sh pdf heic postgresql s3 tests dist
	@sh tools/packages.sh tests
	@touch $@

$(INSTALLED): requirements.txt tools/environment.sh
	@sh tools/environment.sh $(EXTRAS)
	@touch $@
