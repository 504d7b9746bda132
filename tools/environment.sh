#!/bin/sh
# Makes .venv with Python 3.11 or newer and the packages of requirements.txt (PAQUETS=site: of those to run only). Says
# which Debian package is missing.
set -eu

newer() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in ${PYTHON_FOR_VENV:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 && newer "$name"; then
            command -v "$name"
            return
        fi
    done
    echo "Python 3.11 ou plus récent est nécessaire : apt-get install python3 python3-venv" >&2
    exit 1
}

if ! [ -x .venv/bin/python ] || ! newer .venv/bin/python; then
    python=$(find_python)
    echo "Environnement Python (.venv), avec $("$python" --version)…"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "Il manque le module venv de Python : apt-get install python3-venv" >&2
        exit 1
    fi
    rm -rf .venv
    "$python" -m venv .venv
fi

# A server's holds what the site runs on, without what it is tested with.
requirements=requirements.txt
if [ "${PAQUETS:-}" = site ]; then
    requirements=.venv/to-run.txt
    sed '/^# --- To develop and test/q' requirements.txt >"$requirements"
fi
echo "Bibliothèques Python (quelques minutes la première fois)…"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
