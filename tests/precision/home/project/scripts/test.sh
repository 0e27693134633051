#!/bin/sh
set -e
npm run lint
npm test -- --coverage
