#!/bin/sh
# `make test`: the whole suite but `services`. Without Chromium or Java, says which tests are left out and how to run them.
set -eu
selection="not services"
# The browser tests drive Chromium, and the HTML validator, which is in Java.
equipped() { command -v chromium >/dev/null 2>&1 && command -v java >/dev/null 2>&1; }
if ! equipped && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    sh tools/system.sh
fi
if ! equipped; then
    selection="not services and not browser"
    echo "Sans Chromium ni Java, les tests du navigateur ne sont pas lancés : sudo apt-get install chromium default-jre-headless"
fi
# shellcheck disable=SC2086
exec .venv/bin/python -m pytest -n 3 --dist loadgroup --no-loadscope-reorder -m "$selection" ${PYTEST_ARGS:-}
