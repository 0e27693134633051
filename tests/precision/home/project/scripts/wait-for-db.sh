#!/usr/bin/env bash
for _ in $(seq 1 30); do
  if docker compose exec -T db pg_isready -U postgres >/dev/null 2>&1; then
    exit 0
  fi
  sleep 1
done
echo "the database does not answer" >&2
exit 1
