// The arrows of ARCHITECTURE.md: renderer → shared ← electron, and inside electron doors → workstation → services.
const DOORS = '^electron/(main|preload|serve|cli)\\.ts$|^electron/(cli|shell)/';
const SERVICES =
  '^electron/(api|frames|media|curation|review|bundles|insights|ingest|jobs|library|settings|sample|sources)/';

module.exports = {
  forbidden: [
    {
      name: 'shared-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(electron|renderer|scripts|test)/' },
    },
    {
      name: 'shared-is-pure',
      comment: 'Schemas and the contract are the only libraries of shared.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^shared/', 'node_modules/(zod|@orpc/contract)/'] },
    },
    {
      name: 'renderer-knows-no-electron-side',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: ['^electron/', '^node:', 'node_modules/electron/'] },
    },
    {
      name: 'renderer-uses-no-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'electron-knows-no-renderer', severity: 'error', from: { path: '^electron/' }, to: { path: '^renderer/' } },
    {
      name: 'services-import-no-door',
      severity: 'error',
      from: { path: SERVICES },
      to: { path: [DOORS, '^electron/workstation\\.ts$'] },
    },
    {
      name: 'workstation-imports-no-door',
      severity: 'error',
      from: { path: '^electron/workstation' },
      to: { path: DOORS },
    },
    {
      name: 'sources-know-no-service',
      severity: 'error',
      from: { path: '^electron/sources/', pathNot: '\\.test\\.ts$' },
      to: { path: '^electron/', pathNot: '^electron/sources/' },
    },
    {
      name: 'only-the-shell-knows-electron',
      severity: 'error',
      from: { path: '^(electron|shared|renderer)/', pathNot: '^electron/(main|preload)\\.ts$|^electron/shell/' },
      to: { path: ['^electron$', 'node_modules/electron/'] },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: { pathNot: '^node_modules/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, path: '^[^?]*$', pathNot: '\\.css$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'module', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.css'],
    },
  },
};
