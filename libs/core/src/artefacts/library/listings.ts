import { shellText } from '../shell.ts';

/** The awk programs of the validation. No intervals in their expressions: mawk knows none. */
export const LISTINGS = shellText`# Puts what lies below the sources beside what lies below the targets, after a list of the directories. Tabs in names become \001.
JOIN_LISTINGS='
function stem(path) { match(path, /\/[^\/]*$/); return substr(path, 1, RSTART - 1) }
function taken(item, path, root, part, name, anchored, veiled) {
  for (part = path; ; part = stem(part)) {
    if ((side, item, part) in left) return 0
    if ((side, item, part) in shown) anchored = 1
    if (part == root) return !veiled
    name = substr(part, length(stem(part)) + 2)
    if (!anchored && name ~ /^[_.]/) veiled = 1
  }
}
function on_target(item, path) { return target[item] substr(path, length(source[item]) + 1) }
function say_difference(item, kind, from, to) { print "D" item "\t" kind "\t" from "\t" to }
function want(item, path, size, to) {
  to = on_target(item, path)
  if (to in wanted) { say_difference(item, "COLLISION", path, to); return }
  wanted[to] = path; sizes[to] = size; owner[to] = item; order[++count] = to
  print "I" item "\t" size
}
{ gsub(/\t/, "\001") }
side == "" {
  value = substr($0, 2)
  if (/^I/) item = value
  if (/^S/) { source[item] = value; at[("source"), value] = at["source", value] " " item; shown["source", item, value] = 1 }
  if (/^T/) { target[item] = value; at["target", value] = at["target", value] " " item; shown["target", item, value] = 1 }
  if (/^X/) { left["source", item, value] = 1; left["target", item, on_target(item, value)] = 1 }
  if (/^V/) { shown["source", item, value] = 1; shown["target", item, on_target(item, value)] = 1 }
  next
}
!/^[-d]/ || !match($0, / [0-9]+ [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9] /) { print "not a line of a listing: " $0 >"/dev/stderr"; stray = 1; exit }
/^d/ { next }
{
  path = substr($0, RSTART + RLENGTH); split(substr($0, RSTART + 1), words, " "); size = words[1]
  if ((side, path) in seen) next
  seen[side, path] = 1
}
side == "target" && (path in wanted) {
  if (sizes[path] == size) print "F" owner[path] "\t" size "\t" wanted[path] "\t" path
  else say_difference(owner[path], "SIZE", wanted[path], path)
  next
}
{
  for (part = stem(path); part != ""; part = stem(part)) {
    if (!((side, part) in at)) continue
    owners = split(at[side, part], items, " ")
    for (o = 1; o <= owners; o++) {
      if (side == "source" && taken(items[o], path, part)) want(items[o], path, size)
      if (side == "target" && taken(items[o], path, part)) { say_difference(items[o], "EXTRA", "", path); break }
    }
    if (side == "target") break
  }
}
END {
  if (stray) exit 1
  for (i = 1; i <= count; i++) if (!(("target", order[i]) in seen)) say_difference(owner[order[i]], "MISSING", wanted[order[i]], order[i])
}'

# Checksums, then the files; prints files whose checksums are of different kinds.
JOIN_CHECKSUMS='
NR == FNR {
  if (match($0, /\t[^\t]+\t[0-9a-f]+\r?$/)) { path = substr($0, 1, RSTART - 1); gsub(/\t/, "\001", path); sum[path] = substr($0, RSTART + 1) }
  next
}
!($3 in sum) || !($4 in sum) { print $1 "\tNO_CHECKSUM\t" $3 "\t" $4 >>differences; next }
sum[$3] == sum[$4] { print $1 >>checked; next }
{ split(sum[$3], from, "\t"); split(sum[$4], to, "\t") }
from[1] != to[1] { print; next }
{ print $1 "\tCHECKSUM\t" $3 "\t" $4 >>differences }'

# JOB FILES BYTES CHECKED DIFFERENCES, for each job that was written down.
SUM_BY_COPY='
FILENAME ~ /\/directories$/ { value = substr($0, 2); if (/^I/) item = value; if (/^C/) { copy[item] = value; if (!(value in known)) { known[value] = 1; order[++count] = value } } next }
FILENAME ~ /\/joined$/ { if (/^I/) { owner = copy[substr($1, 2)]; files[owner]++; bytes[owner] += $2 } next }
FILENAME ~ /\/differences$/ { different[copy[$1]]++; next }
{ checked[copy[$1]]++ }
END { for (i = 1; i <= count; i++) { c = order[i]; printf "%s %d %.0f %d %d\n", c, files[c], bytes[c], checked[c], different[c] } }'`;
