// What is wrong with where a name leads outside its zone, and how much hangs on the name.

/** One lead of the fact `dangling`. */
export type LeadLike = {
  target: string
  status: string
  service: string | null
  claim: 'open' | 'verified' | 'closed' | null
  page: string
}

const claims = {
  open: 'anyone can add a name there',
  verified: 'the service asks for proof before it gives a name',
  closed: 'the service reserves names',
}

/** A target that does not exist, or a service that shows its page for unclaimed names; with label and value of what shows it. */
export const leadFault = ({
  target,
  status,
  service,
  claim,
  page,
}: LeadLike): { outcome: 'target-missing' | 'unclaimed'; label: string; value: string } | null => {
  if (status === 'NXDOMAIN') return { outcome: 'target-missing', label: target, value: 'does not exist' }
  if (page !== 'unclaimed') return null
  const value = `shows its page for names that nobody has claimed; ${claims[claim ?? 'verified']}`
  return { outcome: 'unclaimed', label: service ?? target, value }
}

/** Names behind which people log in, by their role in the config or by habit: a stranger there reads passwords. */
export const carriesLogin = (name: string, hosts: Readonly<Record<string, string>>): boolean =>
  Object.entries(hosts).some(([role, host]) => host === name && ['app', 'login', 'auth', 'api'].includes(role)) ||
  /^(app|login|auth|account|accounts|dashboard|portal)\./.test(name)
