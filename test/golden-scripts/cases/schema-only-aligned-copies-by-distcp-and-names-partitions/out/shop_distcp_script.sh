#!/bin/sh
# Copies the files of database shop to shop.
# To be run at RIGHT, the target cluster, by a Hadoop that reaches the sources and may read there.

set -eu

usage() {
  printf '%s\n' "usage: $0 [--dry-run] [--help]" \
    '  copies the directories of this database one by one and stops at the first failure; run again it goes on where it stopped' \
    '  --dry-run   prints the commands only' \
    '  HADOOP      environment: the hadoop command, default: hadoop'
}

DRY_RUN=no
for argument in "$@"; do
  case "$argument" in
    --dry-run) DRY_RUN=yes ;;
    --help|-h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

HADOOP="${HADOOP:-hadoop}"
WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT

run() {
  if [ "$DRY_RUN" = yes ]; then
    for word in "$@"; do printf "'%s' " "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"; done
    printf '\n'
  else
    "$@"
  fi
}

# copy 1
printf '%s\n' 'copy 1: hdfs://left/data/late/orders/day=2026-01-02 10%3A00'
printf '%s\n' '(?s)[^/:]+://[^/]*\Q/data/late/orders/day=2026-01-02 10%3A00\E(?:/.*)?/[_.].*' > "$WORK"/filters
run "$HADOOP" fs -mkdir -p 's3a://Lake/lake/external/shop.db/orders/day=2026-01-02 10%3A00'
run "$HADOOP" distcp -update -direct -filters "$WORK"/filters 'hdfs://left/data/late/orders/day=2026-01-02 10%3A00' 's3a://Lake/lake/external/shop.db/orders/day=2026-01-02 10%3A00'

# copy 2
printf '%s\n' 'copy 2: hdfs://left/warehouse/tablespace/external/hive/shop.db/orders'
printf '%s\n' '(?s)[^/:]+://[^/]*\Q/warehouse/tablespace/external/hive/shop.db/orders\E(?:/.*)?/[_.].*' > "$WORK"/filters
run "$HADOOP" fs -mkdir -p s3a://Lake/lake/external/shop.db/orders
run "$HADOOP" distcp -update -direct -filters "$WORK"/filters hdfs://left/warehouse/tablespace/external/hive/shop.db/orders s3a://Lake/lake/external/shop.db/orders

printf '%s\n' 'done'
