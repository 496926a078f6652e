/** What an option of hms-mirror's command line looks like. */
export interface PeerOption {
  readonly short: string;
  readonly long: string;
  /** Name of its argument; absent when it takes none. */
  readonly argument?: string;
  /** The argument may be left out. */
  readonly optional?: true;
  /** Accepted, and there is nothing that it could change: worth a word when somebody gives it. */
  readonly idle?: true;
  readonly text: string;
}

/** All 80 options of hms-mirror 3.2.0.1, in the order of its help. */
export const PEER_OPTIONS = [
  { short: 'q', long: 'quiet', text: 'less on the screen' },
  { short: 'com', long: 'comment', argument: 'text', text: 'comment in run-status.yaml' },
  { short: 'c', long: 'concurrency', argument: 'threads', optional: true, idle: true, text: 'without effect: planning needs no threads' },
  { short: 'rr', long: 'reset-right', idle: true, text: 'without effect, as in hms-mirror 3; drop the target database by hand' },
  { short: 'rdl', long: 'reset-to-default-location', idle: true, text: 'without effect, as in hms-mirror 3; use -tt ALIGNED' },
  { short: 'swt', long: 'save-working-tables', text: 'transfer and shadow tables stay' },
  { short: 'slt', long: 'skip-legacy-translation', text: 'old SerDe classes keep their names' },
  { short: 'scw', long: 'suppress-cli-warnings', text: 'no warnings on the screen' },
  { short: 'f', long: 'flip', text: 'swaps the LEFT and RIGHT clusters of the configuration' },
  { short: 'cdcs', long: 'consolidate-db-create-statements', text: 'one CREATE DATABASE instead of CREATE and ALTERs' },
  { short: 'dc', long: 'distcp', argument: 'PULL|PUSH|PUSH_PULL', optional: true, text: 'DistCp moves the data' },
  { short: 'd', long: 'data-strategy', argument: 'strategy', text: 'data strategy' },
  { short: 'dms', long: 'data-movement-strategy', argument: 'SQL|DISTCP|MANUAL', text: 'what moves the data' },
  { short: 'ds', long: 'dump-source', argument: 'LEFT|RIGHT', text: 'side that DUMP writes down' },
  { short: 'po', long: 'property-overrides', argument: 'key=value[,...]', text: 'SET before inserts, both sides' },
  { short: 'pol', long: 'property-overrides-left', argument: 'key=value[,...]', text: 'SET before inserts, LEFT' },
  { short: 'por', long: 'property-overrides-right', argument: 'key=value[,...]', text: 'SET before inserts, RIGHT' },
  { short: 'ssc', long: 'skip-stats-collection', text: 'sizes of tables are not used' },
  { short: 'so', long: 'skip-optimizations', text: 'plain inserts' },
  { short: 'sdpi', long: 'sort-dynamic-partition-inserts', text: 'inserts sort by partition instead of DISTRIBUTE BY' },
  { short: 'at', long: 'auto-tune', text: 'inserts are tuned by statistics' },
  { short: 'cto', long: 'compress-text-output', text: 'text is written compressed' },
  { short: 'iv', long: 'iceberg-version', argument: 'version', text: 'version of the Iceberg format, 1 or 2' },
  { short: 'itpo', long: 'iceberg-table-property-overrides', argument: 'key=value[,...]', text: 'properties of Iceberg tables' },
  { short: 'cine', long: 'create-if-not-exist', text: 'CREATE ... IF NOT EXISTS' },
  { short: 'dtd', long: 'dump-test-data', text: 'keeps what was read of live clusters as data-set.yaml, for -ltd' },
  { short: 'ltd', long: 'load-test-data', argument: 'file', text: 'data set to work on, instead of live clusters' },
  { short: 'fel', long: 'force-external-location', text: 'external tables keep their LOCATION clause' },
  { short: 'glm', long: 'global-location-map', argument: 'from=external[:managed][,...]', text: 'directories that map to others' },
  { short: 'is', long: 'intermediate-storage', argument: 'location', text: 'storage that both clusters reach' },
  { short: 'cs', long: 'common-storage', argument: 'location', text: 'storage that the data goes to (sets transfer.targetNamespace)' },
  { short: 'dbsp', long: 'database-skip-properties', argument: 'regex[,...]', text: 'database properties that are not copied' },
  { short: 'pt', long: 'pass-through', argument: 'key=value', text: 'an option by its property name, hms-mirror.config.<option>=<value>' },
  { short: 'ewd', long: 'external-warehouse-directory', argument: 'path', text: 'warehouse of external tables, without namespace' },
  { short: 'wd', long: 'warehouse-directory', argument: 'path', text: 'warehouse of managed tables, without namespace' },
  { short: 'wps', long: 'warehouse-plans', argument: 'db=external:managed[,...]', text: 'warehouse directories by database' },
  { short: 'dbo', long: 'database-only', text: 'databases without their tables' },
  { short: 'mao', long: 'migrate-acid-only', argument: 'buckets', optional: true, text: 'transactional tables and nothing else' },
  { short: 'mnno', long: 'migrate-non-native-only', text: 'tables of storage handlers take part' },
  { short: 'v', long: 'views-only', text: 'views and nothing else' },
  { short: 'ma', long: 'migrate-acid', argument: 'buckets', optional: true, text: 'transactional tables take part' },
  { short: 'da', long: 'downgrade-acid', text: 'transactional tables become external ones' },
  { short: 'epl', long: 'evaluate-partition-location', idle: true, text: 'without effect, as in hms-mirror 3; -tt ALIGNED implies it' },
  { short: 'rid', long: 'right-is-disconnected', text: 'RIGHT is not connected: nothing is taken to be there' },
  { short: 'ip', long: 'in-place', text: 'transactional tables are rebuilt on LEFT' },
  { short: 'slc', long: 'skip-link-check', text: 'clusters are not asked whether they reach each other' },
  { short: 'mnn', long: 'migrate-non-native', text: 'tables of storage handlers take part' },
  { short: 's', long: 'sync', text: 'RIGHT follows LEFT: creates, replaces, drops' },
  { short: 'ro', long: 'read-only', text: 'RIGHT does not own its data: no purge' },
  { short: 'np', long: 'no-purge', text: 'purge is never set' },
  { short: 'accept', long: 'accept', text: 'accepted; nothing is asked' },
  { short: 'o', long: 'output-dir', argument: 'directory', text: 'where the files go' },
  { short: 'sf', long: 'skip-features', text: 'definitions are not repaired' },
  { short: 'e', long: 'execute', text: 'executes the plan, and proves each table' },
  { short: 'asm', long: 'avro-schema-migration', idle: true, text: 'without effect: scripts copy no Avro schema files; copy them by hand' },
  { short: 'to', long: 'transfer-ownership', text: 'owners of databases and tables are carried over' },
  { short: 'todb', long: 'transfer-ownership-database', text: 'owners of databases are carried over' },
  { short: 'totbl', long: 'transfer-ownership-table', text: 'owners of tables are carried over' },
  { short: 'dbp', long: 'db-prefix', argument: 'prefix', text: 'put before the names of target databases' },
  { short: 'dbr', long: 'db-rename', argument: 'name', text: 'name of the target database, for one database' },
  { short: 'smn', long: 'storage-migration-namespace', argument: 'namespace', text: 'file system that the data goes to' },
  { short: 'sms', long: 'storage-migration-strict', text: 'a location that does not map refuses its table' },
  { short: 'db', long: 'database', argument: 'name[,...]', text: 'databases to work on' },
  { short: 'dbRegEx', long: 'database-regex', argument: 'regex', text: 'databases whose name holds a match' },
  { short: 'h', long: 'help', text: 'this page' },
  { short: 'p', long: 'password', argument: 'password', text: 'encrypts a password' },
  { short: 'dp', long: 'decrypt-password', argument: 'ciphertext', text: 'decrypts a password' },
  { short: 'replay', long: 'replay', argument: 'directory', text: 'runs a report again' },
  { short: 'su', long: 'setup', text: 'asks for a configuration' },
  { short: 'pkey', long: 'password-key', argument: 'key', text: 'key of encrypted passwords' },
  { short: 'sql', long: 'sql-output', text: 'accepted; always on' },
  { short: 'ap', long: 'acid-partition-count', argument: 'limit', text: 'most partitions of a transactional table, -1 for no limit' },
  { short: 'sp', long: 'sql-partition-count', argument: 'limit', text: 'most partitions for SQL, -1 for no limit' },
  { short: 'ep', long: 'export-partition-count', argument: 'limit', text: 'most partitions for EXPORT_IMPORT' },
  { short: 'tf', long: 'table-filter', argument: 'regex', text: 'tables whose whole name matches' },
  { short: 'tef', long: 'table-exclude-filter', argument: 'regex', text: 'tables whose whole name matches are left out' },
  { short: 'tfs', long: 'table-filter-size-limit', argument: 'megabytes', text: 'larger tables are left out' },
  { short: 'tfp', long: 'table-filter-partition-count-limit', argument: 'count', text: 'tables with more partitions are left out' },
  { short: 'tt', long: 'translation-type', argument: 'RELATIVE|ALIGNED', text: 'keep paths, or put tables into the warehouse directories' },
  { short: 'cfg', long: 'config', argument: 'file', text: 'configuration file' },
] as const satisfies readonly PeerOption[];

export type PeerOptionName = (typeof PEER_OPTIONS)[number]['long'];

/** Properties of hms-mirror's configuration that have no option of their own, for `-pt hms-mirror.config.<name>=<value>`. */
export const PEER_PROPERTIES = ['align-locations', 'target-namespace', 'consolidate-tables-for-distcp', 'beta'] as const;

export type PeerPropertyName = PeerOptionName | (typeof PEER_PROPERTIES)[number];
