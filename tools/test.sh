#!/bin/sh
# `make test`: the whole suite but `services`. Without Chromium, says which tests are left out and how to run them.
set -eu
selection="not services"
if ! command -v chromium >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    sh tools/system.sh
fi
if ! command -v chromium >/dev/null 2>&1; then
    selection="not services and not browser"
    echo "Sans Chromium, les tests du navigateur ne sont pas lancés : sudo apt-get install chromium"
fi
# shellcheck disable=SC2086
exec .venv/bin/python -m pytest -n 2 -m "$selection" ${PYTEST_ARGS:-}
