#!/bin/sh
# What site/deploy/compose.yaml expects of the official images' entrypoints.
set -eu
as_owner() { setpriv --reuid postgres --regid postgres --init-groups "$@"; }
case "${1:-}" in
postgres) # the first start makes the database that POSTGRES_DB names, owned by POSTGRES_USER
    mkdir -p "$PGDATA" && chown -R postgres "$PGDATA" && chmod 700 "$PGDATA"
    install -d -o postgres /var/run/postgresql
    if ! [ -s "$PGDATA/PG_VERSION" ]; then
        printf '%s' "$POSTGRES_PASSWORD" >/tmp/password && chown postgres /tmp/password
        as_owner initdb --username "$POSTGRES_USER" --pwfile /tmp/password --auth-local trust --auth-host scram-sha-256 --locale C.UTF-8
        rm /tmp/password
        echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
        echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
        echo "CREATE DATABASE \"$POSTGRES_DB\"" | as_owner postgres --single -j postgres
    fi
    exec setpriv --reuid postgres --regid postgres --init-groups "$@"
    ;;
valkey-server) # without a password, Valkey answers its own machine only
    set -- "$@" --protected-mode no
    ;;
nginx) # each template has the variables of the environment replaced, and no other name
    names=$(env | sed -n 's/^\([A-Z_a-z0-9]*\)=.*/${\1}/p')
    for template in /etc/nginx/templates/*.template; do
        name=${template##*/}
        envsubst "$names" <"$template" >"/etc/nginx/conf.d/${name%.template}"
    done
    ;;
esac
exec "$@"
