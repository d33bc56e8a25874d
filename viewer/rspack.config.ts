import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Configuration, CopyRspackPlugin, HtmlRspackPlugin } from '@rspack/core'
import { createPrecompression } from './build/precompression.ts'

const root = import.meta.dirname
const packageFolder = (name: string) => dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)))
const inter = join(packageFolder('@fontsource/inter'), 'files')
const mono = join(packageFolder('@fontsource/roboto-mono'), 'files')

/** The fonts under the names by which GlobalStyles of `@grafana/ui` asks for them. */
const fonts: Record<string, string> = {
  'inter/Inter-Regular.woff2': join(inter, 'inter-latin-400-normal.woff2'),
  'inter/Inter-Medium.woff2': join(inter, 'inter-latin-500-normal.woff2'),
  'inter/Inter-Italic.woff2': join(inter, 'inter-latin-400-italic.woff2'),
  'inter/Inter-MediumItalic.woff2': join(inter, 'inter-latin-500-italic.woff2'),
  'roboto/L0xTDF4xlVMF-BfR8bXMIhJHg45mwgGEFl0_3vrtSM1J-gEPT5Ese6hmHSh0mQ.woff2': join(mono, 'roboto-mono-latin-400-normal.woff2'),
}

const copies = [
  { from: join(packageFolder('@grafana/ui'), 'dist/public/img/icons'), to: 'public/build/img/icons' },
  // Ours come second: the names of the icon index that the ui package has no drawing for.
  { from: join(root, 'icons'), to: 'public/build/img/icons', force: true, priority: 10 },
  { from: join(root, 'static'), to: '.', noErrorOnMissing: true },
  ...Object.entries(fonts).map(([to, from]) => ({ from, to: `public/fonts/${to}` })),
]

export default function config(_env: unknown, argv: { mode?: 'production' | 'development' }): Configuration {
  const production = argv.mode !== 'development'
  return {
    context: root,
    mode: production ? 'production' : 'development',
    target: ['web', 'es2022'],
    // The page runs without eval, so the development build may not use it either.
    devtool: production ? false : 'cheap-module-source-map',
    entry: { main: './src/main.tsx' },
    output: {
      clean: true,
      path: join(root, 'dist'),
      publicPath: '/',
      filename: 'assets/[name].[contenthash:10].js',
      chunkFilename: 'assets/[name].[contenthash:10].js',
      assetModuleFilename: 'assets/[name].[contenthash:10][ext]',
      uniqueName: 'tidewatch-viewer',
    },
    resolve: {
      extensions: ['.tsx', '.ts', '.mjs', '.js', '.json'],
      // The code editor is two thirds of everything, and no page here edits code.
      alias: { 'monaco-editor': false, '@monaco-editor/react': false },
    },
    optimization: {
      moduleIds: 'deterministic',
      chunkIds: 'deterministic',
      runtimeChunk: 'single',
      splitChunks: { chunks: 'all', maxInitialRequests: 12, cacheGroups: vendorGroups },
    },
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
              transform: { react: { runtime: 'automatic', development: !production } },
            },
          },
        },
        { test: /\.css$/, type: 'css' },
        { test: /\.m?js$/, include: /node_modules/, type: 'javascript/auto', resolve: { fullySpecified: false } },
      ],
    },
    plugins: [
      new HtmlRspackPlugin({ template: './src/index.html', scriptLoading: 'defer', inject: 'head' }),
      new CopyRspackPlugin({ patterns: copies }),
      ...(production ? [createPrecompression({ bytesMin: 1024 })] : []),
    ],
    performance: { hints: false },
  }
}

/** Groups that change at different times and load side by side. */
const vendorGroups = {
  scenes: { test: /node_modules[\\/]@grafana[\\/]scenes/, name: 'scenes', chunks: 'initial' as const, priority: 30 },
  ui: { test: /node_modules[\\/]@grafana[\\/]ui/, name: 'ui', chunks: 'initial' as const, priority: 20 },
  data: { test: /node_modules[\\/]@grafana/, name: 'grafana', chunks: 'initial' as const, priority: 10 },
  react: { test: /node_modules[\\/](react|react-dom|scheduler|rxjs|lodash|moment)/, name: 'base', chunks: 'initial' as const, priority: 5 },
}
