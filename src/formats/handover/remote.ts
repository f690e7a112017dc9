// Where a repository is pushed to, as others may be told: without the key that stands in the address, and not at all where only this machine
// can reach it.

export type Remote = {
  /** `github.com/coachdash/app`. */
  remote: string | null
  /** What `git clone` takes. */
  clone: string | null
}

const none: Remote = { remote: null, clone: null }

/** Hosts that give everybody who may read a repository the same address over HTTPS. */
const forges = new Set(['github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org'])

const pathOf = (path: string): string => path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '')

const overSsh = (host: string, port: string, path: string, original: string): Remote => {
  const remote = `${host}${port ? `:${port}` : ''}/${pathOf(path)}`
  return { remote, clone: forges.has(host) && !port ? `https://${remote}.git` : original }
}

const ofUrl = (url: URL): Remote => {
  const host = url.hostname.toLowerCase()
  if (host === '' || pathOf(url.pathname) === '') return none
  const isSsh = /^(?:git\+)?ssh:$/.test(url.protocol)
  const user = isSsh && url.username ? `${url.username}@` : ''
  const bare = `${url.protocol}//${user}${url.host}${url.pathname}`
  if (isSsh) return overSsh(host, url.port, url.pathname, bare)
  if (!/^(?:https?|git):$/.test(url.protocol)) return none
  return { remote: `${url.host}/${pathOf(url.pathname)}`, clone: bare }
}

/** `git@github.com:a/b.git`, `https://user:token@github.com/a/b`; a path of this machine is nobody else's. */
export const remoteOf = (given: string): Remote => {
  const address = given.trim()
  if (/^[a-z][a-z+.-]*:\/\//i.test(address)) return URL.canParse(address) ? ofUrl(new URL(address)) : none
  const scp = /^(?:([\w.-]+)@)?([\w-]+(?:\.[\w-]+)+):(?!\/\/)(\S+)$/.exec(address)
  if (!scp) return none
  const [, user, host, path] = scp
  return overSsh(host!.toLowerCase(), '', path!, `${user ? `${user}@` : ''}${host}:${path}`)
}
