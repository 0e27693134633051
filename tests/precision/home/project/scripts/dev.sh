#!/usr/bin/env bash
set -e
trap 'docker compose stop' EXIT
docker compose up -d db redis
./scripts/wait-for-db.sh
npm run dev
