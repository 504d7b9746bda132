#!/bin/sh
# Installs the Debian packages that the PDFs, the browser tests, the translations' check, the services tests and
# the bench need.
set -eu
PACKAGES="chromium chromium-headless-shell fonts-dejavu-core gettext libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 nginx php-cli
postgresql postgresql-contrib valkey-server wrk"

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "À lancer en root sur Debian : apt-get install" $PACKAGES >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
# Prevents the installed servers from starting: the tests start their own.
policy=/usr/sbin/policy-rc.d
if ! [ -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
command -v java >/dev/null 2>&1 || PACKAGES="$PACKAGES default-jre-headless"
missing=
for package in $PACKAGES; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "Paquets Debian :$missing…"
apt-get update -qq
apt-get install -y -qq --no-install-recommends $missing >/dev/null
