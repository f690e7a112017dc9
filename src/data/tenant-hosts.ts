// Hosts of delivery networks and storage where each name belongs to one customer: scripts from there are the product's own build, unlike
// those from a vendor's or a public library's host. By the services' documentation of their default names, 2026-11-26.
const suffixes: readonly string[] = [
  'cloudfront.net',
  'b-cdn.net',
  'azureedge.net',
  'azurefd.net',
  'fastly.net',
  'global.ssl.fastly.net',
  'akamaized.net',
  'kxcdn.com',
  'cdn77.org',
  'r2.dev',
  'workers.dev',
  'pages.dev',
  'vercel.app',
  'netlify.app',
  'web.app',
  'firebaseapp.com',
  'onrender.com',
  'herokuapp.com',
  'fly.dev',
  'up.railway.app',
  'digitaloceanspaces.com',
  'blob.core.windows.net',
  'supabase.co',
]
const bucket = /(?:^|\.)s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$|^storage\.googleapis\.com$/

/** How bundlers name what they make, and where. */
const buildPath =
  /\/(?:_next|_nuxt|_app|_astro|assets|static|build|dist|chunks)\/|\/(?:main|index|app|bundle|runtime|vendor|chunk)[\w.~-]*\.(?:m?js|css)$/

/** Whether a URL on another domain is a build that one customer put there. */
export const isTenantBuild = (url: string): boolean => {
  const { hostname, pathname } = new URL(url)
  return (
    (bucket.test(hostname) || suffixes.some(suffix => hostname.endsWith(`.${suffix}`))) &&
    (buildPath.test(pathname) || /\.map$/.test(pathname))
  )
}
