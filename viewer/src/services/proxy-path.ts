/** The datasource's address in this page. In Grafana a proxy stands there and adds the scope's token. */
export const proxyAddress = '/viewer/proxy'

/** Takes the proxy's address and scope off a path: `/viewer/proxy/read/api/v1/query` is `/api/v1/query` of the collector. */
export function mapProxyPath(url: string): string {
  for (const scope of ['read', 'operate']) {
    const prefix = `${proxyAddress}/${scope}`
    if (url === prefix || url.startsWith(`${prefix}/`)) return url.slice(prefix.length) || '/'
  }
  return /^(https?:)?\/\//.test(url) || url.startsWith('/') ? url : `/${url}`
}
