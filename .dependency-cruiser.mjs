// The floors of the house: imports go down, neighbours never meet, a panel never knows the datasource.
const floor0 = '^collector/src/(model|lib|contract)/'
const engines = '^collector/src/(ingest|live|alerts|health|deployments)/'
const kinds = '^collector/src/(sources|stores|notifiers|probes|state)/'
/** What is ours of the collector; packages lie in a folder of it too. */
const collector = '^collector/(src|test|bench)/'

/** Rooms of one floor that may import floor 0 and themselves, nothing else of ours. */
const onlyBelow = (name, rooms, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^collector/src/(${rooms})/`, pathNot: '[.]test[.]ts$' },
  to: { path: collector, pathNot: ['^collector/src/$1/', floor0] },
})

export default {
  forbidden: [
    { name: 'no-cycle', comment: 'An import cycle hides what depends on what.', severity: 'error', from: {}, to: { circular: true } },
    onlyBelow('engines-meet-in-app', 'ingest|live|alerts|health|deployments', 'Engines import floor 0 only; they meet in app.ts.'),
    onlyBelow('kinds-meet-in-app', 'sources|stores|notifiers|probes|state', 'Kinds and state import floor 0 only.'),
    {
      name: 'kinds-are-strangers',
      comment: 'One kind never imports another kind; what they share is floor 0.',
      severity: 'error',
      from: { path: '^collector/src/(sources|stores|notifiers|probes)/([^/.]+)', pathNot: '([.]test[.]ts$|/(index|contract)[^/]*$)' },
      to: { path: '^collector/src/$1/', pathNot: '^collector/src/$1/($2|contract|shared)' },
    },
    {
      name: 'floor-0-imports-nothing-above',
      comment: 'model, lib and contract know no room above them.',
      severity: 'error',
      from: { path: floor0 },
      to: { path: collector, pathNot: floor0 },
    },
    {
      name: 'lib-is-lowest',
      comment: 'lib knows neither the nouns nor the wire.',
      severity: 'error',
      from: { path: '^collector/src/lib/' },
      to: { path: '^collector/src/(model|contract)/' },
    },
    {
      name: 'http-stands-on-engines',
      comment: 'Routes see engines and floor 0, never a kind, the configuration or the wiring.',
      severity: 'error',
      from: { path: '^collector/src/http/', pathNot: '[.]test[.]ts$' },
      to: { path: collector, pathNot: ['^collector/src/http/', engines, floor0] },
    },
    {
      name: 'config-is-not-http',
      comment: 'Configuration sees kinds and engines for their schemas, never routes or the wiring.',
      severity: 'error',
      from: { path: '^collector/src/config/', pathNot: '[.]test[.]ts$' },
      to: { path: collector, pathNot: ['^collector/src/config/', engines, kinds, floor0] },
    },
    {
      name: 'plugin-sees-the-contract-only',
      comment: "The plugin uses the types of the collector's contract, nothing else of it.",
      severity: 'error',
      from: { path: '^plugin/src/' },
      to: { path: collector, pathNot: '^collector/src/contract/' },
    },
    {
      name: 'plugin-imports-types-only',
      comment: 'What the plugin takes from the contract vanishes when it is built.',
      severity: 'error',
      from: { path: '^plugin/src/' },
      to: { path: collector, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'panels-do-not-know-the-datasource',
      comment: "A panel's data arrives in props.data.",
      severity: 'error',
      from: { path: '^plugin/src/panels/' },
      to: { path: '^plugin/src/(datasource|pages)/' },
    },
    {
      name: 'panels-are-strangers',
      comment: 'One panel never imports another; what they share stands in ui or format.',
      severity: 'error',
      from: { path: '^plugin/src/panels/([^/]+)/' },
      to: { path: '^plugin/src/panels/', pathNot: '^plugin/src/panels/$1/' },
    },
    {
      name: 'client-and-ui-stand-below',
      comment: 'client and ui know no entry point; format knows nobody.',
      severity: 'error',
      from: { path: '^plugin/src/(client|ui|format)/' },
      to: { path: '^plugin/src/(module|pages|datasource|panels)' },
    },
    {
      name: 'viewer-stands-alone',
      comment: 'The viewer loads the built plugin as Grafana does: it imports none of its source.',
      severity: 'error',
      from: { path: '^viewer/src/' },
      to: { path: '^(plugin|collector)/', pathNot: '^collector/src/contract/' },
    },
    {
      name: 'no-orphans',
      comment: 'A file nobody imports is dead.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(collector|plugin|viewer)/src/',
        pathNot: ['[.]test[.]tsx?$', '[.]d[.]ts$', 'collector/src/main[.]ts$', '/module[.]tsx?$', 'viewer/src/main[.]tsx?$'],
      },
      to: {},
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|testdata)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
    },
  },
}
