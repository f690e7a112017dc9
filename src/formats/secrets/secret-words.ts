// A kind of secret within a sentence: "the Stripe live key", "your servers’ private key"; never "the your servers private key".

const owned = /^your (\w{1,40}) (\S[\s\S]*)$/

/** With its article or its owner: what is to be replaced. */
export const theSecret = (name: string): string => {
  const own = owned.exec(name)
  if (own) return `your ${own[1]}’${own[1]!.endsWith('s') ? '' : 's'} ${own[2]}`
  return `the ${name}`
}

/** As something new: "new Stripe live key", "new private key for your servers". */
export const newSecret = (name: string): string => {
  const own = owned.exec(name)
  return own ? `new ${own[2]} for your ${own[1]}` : `new ${name}`
}
