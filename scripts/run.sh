#!/bin/sh
# Runs a script of the project on the project's own Node, after installing dependencies when they are missing or stale.
# usage: sh scripts/run.sh SCRIPT.ts [ARGUMENTS]
set -eu
cd "$(dirname "$0")/.."
need="install Node.js 20 or newer with its npm; the project brings its own Node 24."
command -v npm >/dev/null 2>&1 || { echo "npm is missing: $need" >&2; exit 2; }
found=$(node --version 2>/dev/null || true)
major=${found#v}
[ "${major%%.*}" -ge 20 ] 2>/dev/null || { echo "Node.js 20 is the least, found ${found:-none}: $need" >&2; exit 2; }
stamp=node_modules/.hiveferry-installed
if ! cmp -s package-lock.json "$stamp"; then
  echo "Installing dependencies (npm ci) ..." >&2
  started=$(date +%s)
  npm ci --no-audit --no-fund --loglevel=error >&2
  # npm 10 does not link the node of an optional package at once.
  [ -e node_modules/.bin/node ] || npm rebuild --ignore-scripts --loglevel=error >&2
  cp package-lock.json "$stamp"
  HIVEFERRY_INSTALL_SECONDS=$(($(date +%s) - started))
  export HIVEFERRY_INSTALL_SECONDS
fi
PATH="$PWD/node_modules/.bin:$PATH"
export PATH
exec node --disable-warning=ExperimentalWarning --disable-warning=TimeoutNegativeWarning scripts/check-node.ts "$@"
