import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type Configuration, CopyRspackPlugin } from '@rspack/core'

const root = import.meta.dirname
const source = join(root, 'src')
const pluginId = 'tidewatch-monitoring-app'
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

/** What Grafana hands to every plugin; anything else is bundled. */
const shared: (string | RegExp)[] = [
  'react',
  'react-dom',
  'react/jsx-runtime',
  'react/jsx-dev-runtime',
  'rxjs',
  'rxjs/operators',
  'lodash',
  'moment',
  '@emotion/css',
  '@emotion/react',
  '@grafana/data',
  '@grafana/runtime',
  '@grafana/ui',
]

/** Every folder with a plugin.json is a plugin, and its module is the entry. */
function findPluginFolders(folder = source): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === 'plugin.json')
    .map((entry) => relative(source, entry.parentPath))
}

function findEntries(): Record<string, string> {
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
  const folders = new Set(findPluginFolders())
  const modules = files
    .filter((entry) => /^module\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => folders.has(relative(source, dirname(file))))
  return Object.fromEntries(modules.map((file) => [join(relative(source, dirname(file)), 'module'), file]))
}

function fillIn(content: Buffer): string {
  return content.toString().replaceAll('%VERSION%', version).replaceAll('%TODAY%', new Date().toISOString().slice(0, 10))
}

export default function config(_env: unknown, argv: { mode?: 'production' | 'development' }): Configuration {
  const production = argv.mode !== 'development'
  return {
    context: source,
    mode: production ? 'production' : 'development',
    target: ['web', 'es2022'],
    devtool: production ? 'source-map' : 'eval-source-map',
    entry: findEntries(),
    externals: shared,
    externalsType: 'amd',
    output: {
      clean: true,
      path: join(root, 'dist'),
      filename: '[name].js',
      library: { type: 'amd' },
      publicPath: `public/plugins/${pluginId}/`,
      uniqueName: pluginId,
    },
    resolve: { extensions: ['.tsx', '.ts', '.mjs', '.js', '.json'] },
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          exclude: /node_modules/,
          loader: 'builtin:swc-loader',
          options: {
            jsc: {
              parser: { syntax: 'typescript', tsx: true },
              target: 'es2022',
              transform: { react: { runtime: 'automatic', development: false } },
            },
          },
        },
        { test: /\.m?js$/, include: /node_modules/, type: 'javascript/auto', resolve: { fullySpecified: false } },
      ],
    },
    plugins: [
      new CopyRspackPlugin({
        patterns: [
          { from: '**/plugin.json', to: '.', transform: fillIn },
          { from: '**/img/**', to: '.', noErrorOnMissing: true },
          { from: join(root, 'README.md'), to: '.' },
          { from: join(root, '..', 'CHANGELOG.md'), to: '.', noErrorOnMissing: true },
          { from: join(root, '..', 'LICENSE'), to: '[name]' },
        ],
      }),
    ],
    performance: { hints: false },
  }
}
