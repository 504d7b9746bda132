#!/bin/sh
# `make nightly`: every test, and what only builds, measures or repeats. Prints the duration of each part and which failed.
# PARTS="paquets morts" runs these parts only.
set -u
PARTS=${PARTS:-}
told=
failed=
part() {
    name=$1
    case " ${PARTS:-$name} " in *" $name "*) ;; *) return ;; esac
    begun=$(date +%s)
    shift
    "$@" || failed="$failed $name"
    told="$told
$name : $(($(date +%s) - begun)) s"
}
servers() {
    name=$1
    shift
    part "$name" env SELECTION="not browser" "$@" sh tests/services/run-postgres
}
# Each of the last tags, or the version that RALLYNOV_DEPUIS names: its content migrated to this one.
upgrades() {
    versions=${RALLYNOV_DEPUIS:-$(git tag --list 'v*' --merged HEAD --no-contains HEAD --sort=-version:refname | head -n 3)}
    [ -n "$versions" ] || { echo "Aucune version étiquetée avant celle-ci : il n’y a rien d’où monter (RALLYNOV_DEPUIS=un changement l’essaie)."; return; }
    for version in $versions; do
        echo "De $version :"
        RALLYNOV_DEPUIS=$version .venv/bin/python -m pytest tests/services/upgrade_trial.py || return
    done
}

# In an order drawn from the day; then alone what times a page, with the rest of what the browser does by night.
order=${RALLYNOV_ORDRE:-$(date +%F)}
part suite env SELECTION="not services and not (browser and nightly)" RALLYNOV_ORDRE="$order" RALLYNOV_EXEMPLES="${RALLYNOV_EXEMPLES:-10}" sh tools/test.sh
part navigateur .venv/bin/python -m pytest -m nightly tests/browser
servers postgresql PYTEST_ARGS=tests
part paquets sh tools/dist.sh
for versions in oldest newest; do
    part versions env RALLYNOV_VERSIONS=$versions .venv/bin/python -m pytest tests/services/test_wheel.py
done
part image sh tests/services/image/run
part montees upgrades
servers morts RALLYNOV_TOURS="${RALLYNOV_TOURS:-100}" PYTEST_ARGS="-n 0 tests/services/pannes/test_pannes_processus.py -k killed"
servers coupures RALLYNOV_TOURS="${RALLYNOV_TOURS:-10}" PYTEST_ARGS="-n 0 tests/services/pannes/test_pannes_base.py -k stopped"
[ -n "$told" ] || { echo "Aucune partie ne s’appelle « $PARTS »." >&2; exit 1; }
echo "$told"
[ -z "$failed" ] || { echo "À revoir :$failed"; exit 1; }
