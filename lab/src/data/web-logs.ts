/** Directories: many partitions, hidden files, trailing slashes, one table's folder inside another's. */
import { file, lines, type TableDefinition } from './definition.ts';

const db = 'web_logs';
const PAGES = ['home', 'a b', 'x=1&y=2', 'q?m', '100%'];
const TAB = `row format delimited fields terminated by '\\t'`;

/** Hive's own escaping of partition values in folder names, for the characters used above. */
const escaped = (value: string): string =>
  value.replaceAll(/[%=?]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const CLICKS = PAGES.flatMap((page, at) => [1, 2].map((hour) => ({ page, hour, day: `2024-01-0${at + 1}` })));

export const WEB_LOGS: readonly TableDefinition[] = [
  {
    db,
    table: 'clicks',
    kind: 'external',
    create: [
      `create external table web_logs.clicks (visitor bigint, agent string) partitioned by (page string, hour int, day date) ${TAB} location '/data/web_logs/clicks'`,
      `alter table web_logs.clicks add ${CLICKS.map(({ page, hour, day }) => `partition (page='${page}', hour=${hour}, day='${day}')`).join(' ')}`,
    ],
    files: CLICKS.map(({ page, hour, day }) =>
      file(
        `/data/web_logs/clicks/page=${escaped(page)}/hour=${hour}/day=${day}/part-0`,
        lines(10 * hour, (index) => [index, 'Mozilla']),
      ),
    ),
    lateFiles: [
      file('/data/web_logs/clicks/_SUCCESS', ''),
      file('/data/web_logs/clicks/page=home/hour=1/day=2024-01-01/_SUCCESS', ''),
      file('/data/web_logs/clicks/page=home/hour=1/day=2024-01-01/.hive-staging_x/part-0', 'must not be read\n'),
    ],
  },
  {
    db,
    table: 'pages',
    kind: 'external',
    create: [`create external table web_logs.pages (name string, title string) ${TAB} location '/data/web_logs/pages'`],
    files: [
      file(
        '/data/web_logs/pages/[z]{x,y}.txt',
        lines(8, (index) => [`page ${index}`, 'title']),
      ),
      file('/data/web_logs/pages/a b%20c#d+e.txt', 'last\tone\n'),
    ],
    lateFiles: [file('/data/web_logs/pages/_SUCCESS', ''), file('/data/web_logs/pages/_temporary/0/part-0', 'no\n')],
  },
  {
    db,
    table: 'visits',
    kind: 'external',
    create: [
      `create external table web_logs.visits (id bigint) partitioned by (kind string) ${TAB} location '/data/web_logs/visits/'`,
      `alter table web_logs.visits add partition (kind='slash') location '/data/web_logs/visits/kind=slash/' partition (kind='empty') partition (kind='gone')`,
    ],
    files: [
      file(
        '/data/web_logs/visits/kind=slash/part-0',
        lines(9, (index) => [index]),
      ),
    ],
  },
  {
    db,
    table: 'visits_archive',
    kind: 'external',
    create: [`create external table web_logs.visits_archive (id bigint) ${TAB} location '/data/web_logs/visits/old/archive'`],
    files: [
      file(
        '/data/web_logs/visits/old/archive/part-0',
        lines(7, (index) => [index]),
      ),
    ],
  },
  {
    db,
    table: 'sessions',
    kind: 'external',
    create: [`create external table web_logs.sessions (id bigint, note string) location '/data/web_logs/ünï côde + a#b/sessions'`],
    files: [
      file(
        '/data/web_logs/ünï côde + a#b/sessions/part-0',
        lines(11, (index) => [index, 'note'], '\u0001'),
      ),
    ],
  },
];
