#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."
TAG=$(git rev-parse --short HEAD)
docker build -t "app:$TAG" .
echo "built app:$TAG"
