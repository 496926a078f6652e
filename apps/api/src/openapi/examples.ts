const selection = { databases: ['sales'] };

/** Bodies that work with the clusters of the lab as `npm run demo` registers them. */
export const MIGRATION_EXAMPLES = {
  dryRun: {
    summary: 'Dry run of a database',
    value: { name: 'sales', source: 'source', targets: ['target'], selection, strategy: 'SCHEMA_ONLY', proof: 'rows' },
  },
  execute: {
    summary: 'Plan and execute at once',
    value: {
      source: 'source',
      targets: ['target'],
      selection,
      proof: 'checksum',
      execute: true,
      reason: 'cut-over of sales',
      changeTicket: 'CHG-1234',
    },
  },
  fanOut: {
    summary: 'Several targets, one with settings of its own',
    value: {
      source: 'source',
      targets: ['target', { cluster: 'dr', databasePrefix: 'dr_', distcp: { mappers: 4 } }],
      selection,
      proof: 'checksum',
    },
  },
  filtered: {
    summary: 'Some tables, at other places',
    value: {
      source: 'source',
      targets: ['target'],
      selection: { ...selection, includeTables: ['orders.*'], excludeTables: ['.*_tmp'] },
      locations: { map: [{ from: 'hdfs://127.0.0.1:8020/data', to: 'hdfs://127.0.0.1:9020/landing/data' }] },
      distcp: { mappers: 4, bandwidthMbPerMapper: 50 },
    },
  },
};
