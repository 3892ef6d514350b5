#!/bin/sh
# Writes what PgBouncer reads, from POSTGRES_USER, POSTGRES_PASSWORD and the settings, and starts it.
set -eu
umask 077
quoted() { printf '"%s"' "$(printf %s "$1" | sed 's/"/""/g')"; }
printf '%s %s\n' "$(quoted "$POSTGRES_USER")" "$(quoted "$POSTGRES_PASSWORD")" >"$PGBOUNCER_USERS"
envsubst </etc/pgbouncer/pgbouncer.ini >/tmp/pgbouncer.ini
exec pgbouncer /tmp/pgbouncer.ini
