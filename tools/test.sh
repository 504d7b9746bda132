#!/bin/sh
# `make test`: all tests except `services` and `nightly`; SELECTION chooses other markers. Without Chromium or Java, prints which
# tests are left out and how to run them.
set -eu
# The browser tests need Chromium, and Java for the HTML validator.
equipped() { command -v chromium >/dev/null 2>&1 && command -v java >/dev/null 2>&1; }
if ! equipped && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    sh tools/system.sh
fi
selection=${SELECTION:-not services and not nightly}
if ! equipped; then
    selection="$selection and not browser"
    echo "Sans Chromium ni Java, les tests du navigateur ne sont pas lancés : sudo apt-get install chromium default-jre-headless"
fi
suite() { .venv/bin/python -m pytest -n auto --dist loadgroup --durations 10 -m "$selection" "$@"; }
# What the tests cost, which depends less on the machine's other work than how long they took.
cost() {
    echo "Processeur (utilisateur, système) de ce script, puis de tous les tests :"
    times
}

# shellcheck disable=SC2086
if [ -n "${PYTEST_ARGS:-}" ]; then
    suite --no-loadscope-reorder $PYTEST_ARGS
    exit
fi
# Browser tests run in processes of their own: their driver leaves an event loop behind. Of these, the longest modules come first;
# of the others, those that commit come last.
failed=0
suite --no-loadscope-reorder tests --ignore tests/browser || failed=$?
if equipped; then suite tests/browser || failed=$?; fi
cost
exit "$failed"
