/** The import rules of the architecture: who may know whom. */
const forbidden = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbidden('no-circular', 'A cycle has no first page to read.', {}, { circular: true }),
    forbidden(
      'core-is-pure',
      'Core imports nothing but itself: no clock, file, network, logger, framework.',
      { path: '^libs/core/src', pathNot: '\\.spec\\.ts$' },
      { pathNot: '^libs/core/src' },
    ),
    forbidden(
      'model-imports-nothing',
      'core/model is the ground floor.',
      { path: '^libs/core/src/model', pathNot: '\\.spec\\.ts$' },
      { pathNot: '^libs/core/src/model' },
    ),
    forbidden(
      'stages-look-back-only',
      'inventory, translate, compare, hiveql, distcp know no strategy, task or verification.',
      { path: '^libs/core/src/(inventory|translate|compare|hiveql|distcp)/', pathNot: '\\.spec\\.ts$' },
      { path: '^libs/core/src/(strategies|tasks|verify|artefacts)/' },
    ),
    forbidden(
      'contracts-know-core-and-zod',
      'Contracts are shapes.',
      { path: '^libs/contracts/src', pathNot: '\\.spec\\.ts$' },
      { pathNot: ['^libs/(contracts|core|ports)/src', 'node_modules/zod'] },
    ),
    forbidden(
      'ports-know-core',
      'Ports are interfaces over core types.',
      { path: '^libs/ports/src' },
      { pathNot: '^libs/(ports|core)/src' },
    ),
    forbidden(
      'adapters-do-not-know-each-other',
      'One outside system each; modules compose them.',
      { path: '^libs/adapters/src/([^/]+)/', pathNot: '\\.spec\\.ts$' },
      { path: '^libs/adapters/src/', pathNot: '^libs/adapters/src/$1/' },
    ),
    forbidden(
      'adapters-know-no-app',
      'Adapters serve ports.',
      { path: '^libs/adapters/src', pathNot: '\\.spec\\.ts$' },
      { path: ['^apps/', '^libs/platform/'] },
    ),
    forbidden(
      'apps-do-not-know-apps',
      'Only standalone and cli compose the modules of others.',
      { path: '^apps/([^/]+)/', pathNot: '^apps/(standalone|cli)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    forbidden(
      'only-modules-pick-adapters',
      'Which adapter serves a port is decided in *.module.ts.',
      { path: '^(apps|libs/platform)/', pathNot: ['\\.module\\.ts$', '\\.spec\\.ts$', '/test/', 'main\\.ts$'] },
      { path: '^libs/adapters/' },
    ),
    forbidden(
      'product-knows-no-lab',
      'The lab is for tests and the demo.',
      { path: '^(apps|libs)/', pathNot: '\\.spec\\.ts$' },
      { path: '^(lab|test|scripts)/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.cjs'],
    },
  },
};
