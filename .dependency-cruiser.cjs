// The arrows of ARCHITECTURE.md: renderer → shared ← electron, and inside electron doors → workstation → services.
const DOORS = '^electron/(main|preload|serve|cli)\\.ts$|^electron/(cli|shell)/';
const SERVICES =
  '^electron/(api|frames|hdf5|media|curation|review|bundles|insights|ingest|jobs|library|settings|sample|sources)/';

module.exports = {
  forbidden: [
    {
      name: 'shared-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(electron|renderer|scripts)/' },
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
      name: 'formats-load-when-needed',
      comment:
        'What opens and checks comes by import(): each reading thread and the workstation would hold the libraries of every format.',
      severity: 'error',
      from: { path: '^electron/sources/[^/]+/(index|place|names)\\.ts$' },
      to: {
        path: ['^electron/', 'node_modules/'],
        pathNot: ['/(place|names)\\.ts$', '^electron/sources/common/json-file\\.ts$', '^electron/sources/source\\.ts$'],
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'videos-load-when-needed',
      comment: 'The library that reads containers takes memory in every thread; most recordings have no video.',
      severity: 'error',
      from: { path: '^electron/media/(index|probe-within|find-engine|native-engine|wasm-engine|engine)\\.ts$' },
      to: {
        path: ['^electron/media/', 'node_modules/mediabunny/'],
        pathNot: '/(probe-within|find-engine|native-engine|wasm-engine|wasm-protocol|engine)\\.ts$',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
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
