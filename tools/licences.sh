#!/bin/sh
# Refuses a package that our servers run on whose licence asks for more than a notice, or whose copyleft goes beyond its own files.
# pillow-heif, whose library is under the GPL, is in a part of its own that an operator chooses; pyphen may be taken under the LGPL.
set -eu
runs_on=$(awk '/^# --- / { kept = $3 ~ /^(site|pdf|postgresql|s3)$/ } kept && sub(/==.*/, "")' requirements.txt)
# shellcheck disable=SC2086
.venv/bin/pip-licenses --from=mixed --partial-match --ignore-packages pyphen --packages $runs_on \
    --allow-only "Apache;BSD;ISC;LGPL;MIT;MPL;Mozilla Public License;PSF;Python Software Foundation License"
