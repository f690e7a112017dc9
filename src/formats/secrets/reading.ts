// How code takes a secret from its environment instead of holding it: the variable's name, and the words of each language.

const idioms: Readonly<Record<string, (name: string) => string>> = {
  py: name => `os.environ["${name}"]`,
  ipynb: name => `os.environ["${name}"]`,
  rb: name => `ENV.fetch("${name}")`,
  php: name => `getenv('${name}')`,
  go: name => `os.Getenv("${name}")`,
  ex: name => `System.fetch_env!("${name}")`,
  exs: name => `System.fetch_env!("${name}")`,
  rs: name => `std::env::var("${name}")`,
  yml: name => `\${${name}}`,
  yaml: name => `\${${name}}`,
  env: name => `${name}=`,
}

/** How the language of a file reads a variable: `readingOf('a.py', 'KEY')` is `os.environ["KEY"]`. */
export const readingOf = (path: string, name: string): string => {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  const idiom = idioms[extension]
  if (idiom) return idiom(name)
  if (/^(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(extension)) return `process.env.${name}`
  // Not a program: what runs or composes it gives the value.
  if (/^(?:toml|sh|bash|conf|ini|properties|tf|tfvars|json|xml)$/.test(extension)) return `\${${name}}`
  return /(?:Docker|Container)file/i.test(path)
    ? `nothing (the platform sets ${name} at run time)`
    : `a read of the variable ${name}`
}

/** The name of an environment variable for what code calls `stripeSecretKey` or `config.stripe-key`: STRIPE_SECRET_KEY. */
export const variableName = (name: string): string =>
  name
    .replace(/^.*[.$](?=\w)/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .toUpperCase()
