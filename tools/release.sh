#!/bin/sh
# `make release`: the tests that are too long for each push, before a tag. Prints the duration of each part and which failed.
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
orders() {
    for seed in 1 2 3; do
        RALLYNOV_ORDRE=$seed PYTEST_ARGS="--ignore tests/browser tests" sh tools/test.sh || return
    done
}

part paquets sh tools/dist.sh
for versions in oldest newest; do
    part versions env RALLYNOV_VERSIONS=$versions .venv/bin/python -m pytest tests/services/test_wheel.py
done
part image sh tests/services/image/run
part couverture env PYTEST_ARGS="--cov --ignore tests/browser tests" sh tools/test.sh
part ordres orders
part mesures .venv/bin/python -m pytest -m release tests/browser
part tirages env RALLYNOV_EXEMPLES=30 .venv/bin/python -m pytest tests/diffusion/test_fuzz.py tests/diffusion/test_fuzz_ecritures.py
part suite sh tests/services/run-postgres
servers pannes SELECTION=release PYTEST_ARGS="tests/services/pannes"
servers morts RALLYNOV_TOURS=500 PYTEST_ARGS="-n 0 tests/services/pannes/test_pannes_processus.py -k killed"
servers coupures RALLYNOV_TOURS=50 PYTEST_ARGS="-n 0 tests/services/pannes/test_pannes_base.py -k stopped"
servers rechargements RALLYNOV_TOURS=20 PYTEST_ARGS="-n 0 tests/services/pannes/test_pannes_processus.py -k reloads"
servers relectures RALLYNOV_TOURS=200 PYTEST_ARGS="-n 0 tests/services/test_moderation_races.py"
servers migrations RALLYNOV_TOURS=99 PYTEST_ARGS="-n 0 tests/services/pannes/test_migrations_aller_retour.py"
part montees upgrades
servers ecritures RALLYNOV_TOURS=20 PYTEST_ARGS="-n 0 tests/services/pannes/test_sqlite_ecritures.py"
servers attaque RALLYNOV_ATTAQUES=25000 PYTEST_ARGS="tests/services/test_attaque.py"
[ -n "$told" ] || { echo "Aucune partie ne s’appelle « $PARTS »." >&2; exit 1; }
echo "$told"
[ -z "$failed" ] || { echo "À revoir :$failed"; exit 1; }
