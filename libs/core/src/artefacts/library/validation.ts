import { shellText } from '../shell.ts';

/** Numbers, sizes, checksums or contents of both sides. */
export const VALIDATION = shellText`part_validate() {
  if [ "$DRY_RUN" = yes ]; then say "validate: lists both sides and compares $COMPARE"; return 0; fi
  login
  # All of them, since what another job brings below a target is not foreign there.
  chosen="$ONLY"
  ONLY=
  record
  ONLY="$chosen"
  compare || return 1
  LC_ALL=C awk -F '\t' "$SUM_BY_COPY" "$WORK/directories" "$WORK/joined" "$WORK/differences" "$WORK/checked" >"$WORK/results"
  VALIDATED=yes
  while read -r number files bytes checked different <&4; do
    if is_chosen "$number"; then judge "$number"; fi
  done 4<"$WORK/results"
  for number in $UNREADABLE; do
    VALIDATED=no
    complain "  job $number: its directories have line feeds in their names, so that listings of them cannot be read."
  done
  publish_differences
  [ "$VALIDATED" = yes ]
}

# Says what became of one job.
judge() {
  describe "$1"
  if [ "$(state_of "$1")" = FAILED ]; then
    verdict='FAILED: not validated, its DistCp failed'
  elif [ "$different" != 0 ]; then
    verdict="DIFFERS: $different"
    set_state "$1" DIFFERS
  else
    verdict="VALID: $files files, $bytes bytes, $(proof)"
    set_state "$1" VALID "files=$files bytes=$bytes checked=$checked"
  fi
  case "$verdict" in VALID*) ;; *) VALIDATED=no ;; esac
  say "  job $1 $TITLE: $verdict"
}

# What the verdict rests on.
proof() {
  if [ "$COMPARE" = sizes ]; then
    printf 'sizes equal'
  elif [ "$checked" -ge "$files" ]; then
    printf 'contents equal'
  elif [ "$checked" -eq 0 ]; then
    printf 'sizes equal; contents not compared, the file systems have no checksum in common (--read-back compares them)'
  else
    printf 'contents of %s equal, of %s only sizes (--read-back compares contents)' "$checked" "$((files - checked))"
  fi
}

# What differs goes to files, one name a line, and the first of them to the screen.
publish_differences() {
  awk -F '\t' '$2 != "EXTRA" { print $3 }' "$WORK/differences" | names >"$STATE_DIR/failed_paths.txt"
  awk -F '\t' '{ print $2 "\t" ($2 == "EXTRA" ? $4 : $3 " -> " $4) }' "$WORK/differences" | names >"$STATE_DIR/differences.txt"
  awk -F '\t' 'NR == FNR { if (/^I/) item = substr($0, 2); if (/^C/) copy[item] = substr($0, 2); next } $2 == "CONTENT" { print copy[$1]; print $3; print $4 }' \
    "$WORK/directories" "$WORK/differences" | names >"$STATE_DIR/damaged"
  if [ ! -s "$STATE_DIR/differences.txt" ]; then return 0; fi
  complain "Differences: $(wc -l <"$STATE_DIR/differences.txt" | tr -d ' '), all in $STATE_DIR/differences.txt"
  head -n 10 "$STATE_DIR/differences.txt" >&2
  if grep -q '^EXTRA' "$STATE_DIR/differences.txt"; then
    complain 'EXTRA is on the target only: nothing removes it. Remove it by hand if Hive must not read it.'
  fi
  if [ -s "$STATE_DIR/failed_paths.txt" ]; then complain "Run the script again: it copies what $STATE_DIR/failed_paths.txt names."; fi
}

# Compares the directories that were written down: joined, differences and checked say how.
compare() {
  list_side S "$WORK/source.ls" || return 1
  list_side T "$WORK/target.ls" || return 1
  if ! LC_ALL=C awk "$JOIN_LISTINGS" "$WORK/directories" side=source "$WORK/source.ls" side=target "$WORK/target.ls" >"$WORK/joined"; then
    complain 'validate: a name holds a line feed, so that listings cannot be read.'
    return 1
  fi
  { sed -n 's/^D//p' "$WORK/joined"; absent_sources; } >"$WORK/differences"
  : >"$WORK/checked"
  # Nothing is in an empty file that could differ.
  awk -F '\t' -v checked="$WORK/checked" '/^F/ { if ($2 == 0) print substr($1, 2) >checked; else print substr($0, 2) }' "$WORK/joined" >"$WORK/rest"
  if [ "$COMPARE" != sizes ]; then compare_checksums || return 1; fi
  if [ "$COMPARE" = contents ]; then compare_contents || return 1; fi
}

# S or T, FILE: lists all directories of one side. What is not there has no files; any other error ends the comparison.
list_side() {
  fields "$1" | with_names -ls -R >"$2" 2>"$WORK/errors"
  grep -v '^ls: .*: No such file or directory$' "$WORK/errors" >"$WORK/unlisted"
  if grep -q '^ls: ' "$WORK/unlisted" || is_unreachable "$WORK/unlisted"; then
    failed_by "$WORK/unlisted" 'validate: a directory cannot be listed'
    return 1
  fi
  if [ "$1" = S ]; then cp "$WORK/errors" "$WORK/absent"; fi
}

# Sources that are not there and should be.
absent_sources() {
  awk -F '\t' '
    FILENAME ~ /absent$/ { if (/^ls: .*: No such file or directory$/) { path = $0; sub(/^ls: ./, "", path); sub(/.: No such file or directory$/, "", path); absent[path] = 1 } next }
    { value = substr($0, 2) }
    /^I/ { item = value } /^S/ { source[item] = value } /^T/ { target[item] = value } /^O/ { may_be_absent[item] = 1 }
    END { for (item in source) if (source[item] in absent && !(item in may_be_absent)) print item "\tNO_SOURCE\t" source[item] "\t" target[item] }
  ' "$WORK/absent" "$WORK/directories"
}

# Between HDFSs: COMPOSITE_CRC does not depend on the size of blocks.
compare_checksums() {
  awk -F '\t' -v other="$WORK/other" '$3 ~ /^(hdfs|viewfs):/ && $4 ~ /^(hdfs|viewfs):/ { print; next } { print >other }' "$WORK/rest" >"$WORK/hdfs"
  touch "$WORK/other"
  awk -F '\t' '{ print $3; print $4 }' "$WORK/hdfs" | with_names -Ddfs.checksum.combine.mode=COMPOSITE_CRC -checksum >"$WORK/checksums" 2>"$WORK/errors"
  if is_unreachable "$WORK/errors"; then failed_by "$WORK/errors" 'validate: checksums cannot be read'; return 1; fi
  LC_ALL=C awk -F '\t' -v checked="$WORK/checked" -v differences="$WORK/differences" "$JOIN_CHECKSUMS" "$WORK/checksums" "$WORK/hdfs" >>"$WORK/other"
  mv "$WORK/other" "$WORK/rest"
}

# Elsewhere both sides are read.
compare_contents() {
  if [ ! -s "$WORK/rest" ]; then return 0; fi
  for side in 3 4; do
    digests "$side" >"$WORK/digests.$side" || return 1
  done
  paste "$WORK/rest" "$WORK/digests.3" "$WORK/digests.4" |
    awk -F '\t' -v checked="$WORK/checked" -v differences="$WORK/differences" '
      $5 == $6 { print $1 >>checked; next }
      { print $1 "\tCONTENT\t" $3 "\t" $4 >>differences }'
}

# COLUMN of rest: a digest for each file, all of them read as one stream that is cut by their sizes.
digests() {
  awk -F '\t' '{ print $2 }' "$WORK/rest" >"$WORK/sizes"
  : >"$WORK/read"
  { cut -f "$1" "$WORK/rest" | with_names -cat 2>"$WORK/errors" && printf 'all' >"$WORK/read"; } |
    while read -r size <&6; do head -c "$size" | $DIGEST; done 6<"$WORK/sizes"
  if [ -s "$WORK/read" ]; then return 0; fi
  failed_by "$WORK/errors" 'validate: files cannot be read back'
}

names() { tr '\001' '\t'; }`;
