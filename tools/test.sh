#!/bin/sh
# `make test`: the whole suite but `services` and `release`. Without Chromium or Java, says which tests are left out and how to run them.
set -eu
# The browser tests drive Chromium, and the HTML validator, which is in Java.
equipped() { command -v chromium >/dev/null 2>&1 && command -v java >/dev/null 2>&1; }
if ! equipped && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    sh tools/system.sh
fi
selection="not services and not release"
if ! equipped; then
    selection="$selection and not browser"
    echo "Sans Chromium ni Java, les tests du navigateur ne sont pas lancés : sudo apt-get install chromium default-jre-headless"
fi
suite() { .venv/bin/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder -m "$selection" "$@"; }

# shellcheck disable=SC2086
if [ -n "${PYTEST_ARGS:-}" ]; then
    suite $PYTEST_ARGS
    exit
fi
# The browser's tests have processes of their own: its driver leaves an event loop in the one that has run it.
failed=0
suite tests --ignore tests/browser || failed=$?
if equipped; then suite tests/browser || failed=$?; fi
exit "$failed"
