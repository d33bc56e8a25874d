#!/usr/bin/env bash
# Prints a .env with random secrets for every name that .env.example asks for.
set -euo pipefail
cd "$(dirname "$0")/.."
grep -o '^[A-Z_]*=' .env.example | while read -r name; do
  echo "${name}$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
done
