#!/bin/sh
# Prints the optional Debian packages that are missing, and what does not work without them. Never fails.
if ! .venv/bin/python -c 'import ctypes.util, sys; sys.exit(not ctypes.util.find_library("pango-1.0"))' 2>/dev/null; then
    echo "Sans Pango, pas de PDF : apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
fi
