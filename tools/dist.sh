#!/bin/sh
# `make dist`: builds the wheel, the source archive and the SBOM in dist/, and checks them as a package index and an installer
# would.
set -eu
DIST=${DIST:-dist}
PATH="$PWD/.venv/bin:$PATH"
mkdir -p build
rm -rf build/lib build/bdist.* "$DIST"
echo "Paquet et sources…"
python -m build --no-isolation --outdir "$DIST" . >build/dist.log 2>&1 || { tail -n 30 build/dist.log >&2; exit 1; }
twine check --strict "$DIST"/*
check-wheel-contents "$DIST"/*.whl
pyroma --min=10 "$DIST"/*.tar.gz
echo "Ce sur quoi le site tourne (CycloneDX)…"
awk '/^# --- / { kept = $3 ~ /^(site|pdf|postgresql|s3)$/ } kept' requirements.txt >build/runs-on.txt
cyclonedx-py requirements --output-format JSON --output-file "$DIST/python.cdx.json" build/runs-on.txt
npm sbom --sbom-format cyclonedx --omit dev --package-lock-only >"$DIST/navigateur.cdx.json"
(cd "$DIST" && sha256sum -- * >SHA256SUMS)
ls "$DIST"
