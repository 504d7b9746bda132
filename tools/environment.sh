#!/bin/sh
# Creates .venv with Python 3.11 or newer and packages of requirements.txt: those of the site, and of the parts given as
# arguments (pdf, heic, postgresql, s3, tests). Prints one line if a Debian package or the network is missing.
set -eu

newer() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The newest that the tests have run on first: a Python 3.11 that pyenv compiled, without optimizations, takes a fifth more
# processor time for the tests than Debian's 3.13.
find_python() {
    found=
    for name in ${PYTHON_FOR_VENV:-} python3.13 python3.12 python3.11 python3 python3.14; do
        if command -v "$name" >/dev/null 2>&1 && newer "$name"; then
            if "$name" -c 'import ensurepip, venv' 2>/dev/null; then
                command -v "$name"
                return
            fi
            found=$name
        fi
    done
    if [ -n "$found" ]; then
        echo "Il manque le module venv de Python : apt-get install python3-venv" >&2
    else
        echo "Python 3.11 ou plus récent est nécessaire : apt-get install python3 python3-venv" >&2
    fi
    exit 1
}

if ! [ -x .venv/bin/python ] || ! newer .venv/bin/python; then
    python=$(find_python)
    echo "Environnement Python (.venv), avec $("$python" --version)…"
    rm -rf .venv
    "$python" -m venv .venv
fi

# The site's own part and those given as arguments; the file marks where each begins. It lists all packages with hashes, so
# dependencies are not resolved.
chosen=.venv/requirements.txt
awk -v parts=" site $* " '/^# --- / { kept = index(parts, " " $3 " ") } kept' requirements.txt >"$chosen"
for part in "$@"; do
    grep -q "^# --- $part\$" requirements.txt || {
        echo "« $part » n’existe pas : choisissez parmi $(sed -n 's/^# --- //p' requirements.txt | paste -sd ' ')." >&2
        exit 1
    }
done
echo "Bibliothèques Python (quelques minutes la première fois)…"
pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }
pip install --no-deps --requirement "$chosen" 2>.venv/pip-said || {
    if grep -qE "NewConnectionError|NameResolutionError|ConnectTimeoutError|ProxyError|No matching distribution" .venv/pip-said; then
        echo "Pas de réseau, ou pas d’accès aux paquets Python : connectez cette machine, puis relancez la commande." >&2
    else
        cat .venv/pip-said >&2
    fi
    exit 1
}
