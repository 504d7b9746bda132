#!/bin/sh
# `make check`: all checks that do not run the site. Runs all of them, then fails if one failed.
set -u
export PYTHONPATH=.:site
failed=
step() {
    name=$1
    shift
    printf '%s… ' "$name"
    if output=$("$@" 2>&1); then echo "bien"; else failed="$failed $name"; printf 'NON\n%s\n' "$output"; fi
}

# Dummy values, for `check --deploy` with the production settings.
production() {
    env SECRET_KEY=check-only-k3Jx7wQz9vL2mN8bR5tY1uP4sD6fG0hA-not-a-secret-51 ALLOWED_HOSTS=rallynov.example \
        BASE_URL=https://rallynov.example DATABASE_URL=sqlite:///:memory: EMAIL_URL=smtp+tls://mail.example:587 \
        DJANGO_SETTINGS_MODULE=config.settings.production .venv/bin/python manage.py "$@"
}

step "style" .venv/bin/ruff check .
step "format" .venv/bin/ruff format --check .
step "types" .venv/bin/mypy
step "templates" .venv/bin/djlint --lint --quiet templates home search etapes fiches
step "scripts" node_modules/.bin/eslint .
step "style sheets" node_modules/.bin/stylelint "**/*.css"
step "imports" .venv/bin/lint-imports
step "migrations" .venv/bin/python manage.py makemigrations --check --dry-run
step "translations" .venv/bin/python tools/translations.py check
step "licences" sh tools/licences.sh
step "production" production check --deploy --fail-level WARNING
step "workflows" .venv/bin/python manage.py check --tag rallynov --database default
[ -z "$failed" ] || { echo "À revoir :$failed"; exit 1; }
