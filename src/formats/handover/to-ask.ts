// What is asked of people: only what no machine can see and nobody has said yet, with what was seen beside it.
import { accountWords, hasAccount, seenAt } from './access.ts'
import { answerAt } from './answers.ts'
import { lacksOf } from './parts.ts'
import type { Production } from './production.ts'
import { accountNames, type Handover } from './schema.ts'

export type ToAsk = {
  path: string
  question: string
  /** What was seen: taken where the answer is empty. */
  seen: string | null
  /** How the answer looks. */
  hint: string
}

const ofAccount = (account: (typeof accountNames)[number], production: Production): ToAsk[] => {
  const at = seenAt(account, production)
  const words = accountWords[account]
  return [
    { path: `access.${account}.provider`, question: `Who is ${words} with?`, seen: at, hint: 'a name, such as Vercel' },
    {
      path: `access.${account}.people`,
      question: `Who can sign in at ${at ?? words}?`,
      seen: null,
      hint: 'addresses, with commas',
    },
    {
      path: `access.${account}.secondFactor`,
      question: `Does signing in at ${at ?? words} ask for a second factor?`,
      seen: null,
      hint: 'yes or no',
    },
    ...(account === 'registrar'
      ? [
          {
            path: 'access.registrar.renews',
            question: 'On which day does the domain renew?',
            seen: production.registration?.expires ?? null,
            hint: 'such as 2027-05-01',
          },
        ]
      : []),
  ]
}

const lackQuestions: Readonly<Record<string, Omit<ToAsk, 'path' | 'seen'>>> = {
  'deploy.how': { question: 'How is a release made?', hint: 'a document of the repository, or words' },
  keyRotation: { question: 'How are keys replaced?', hint: 'a document of the repository, or words' },
  rollback: { question: 'How is a release taken back?', hint: 'a document of the repository, or words' },
}

/** Everything that is still to be asked, in the order in which one asks. */
export const toAsk = (production: Production, handover: Handover): ToAsk[] => {
  const lacks = lacksOf(production, handover)
    .filter(({ answer }) => lackQuestions[answer])
    .map(({ answer }): ToAsk => ({ path: answer, seen: null, ...lackQuestions[answer]! }))
  const hasEdge = production.hosts.some(({ edge, platform }) => edge !== null && edge !== platform)
  const all: ToAsk[] = [
    { path: 'product', question: 'What is the product called?', seen: production.domain, hint: 'a name' },
    { path: 'owner.name', question: 'Who owns it?', seen: null, hint: 'a name' },
    { path: 'owner.email', question: 'At which address?', seen: null, hint: 'an address' },
    ...accountNames
      .filter(account => hasAccount(account, production, handover) !== false)
      .flatMap(account => ofAccount(account, production)),
    ...(hasEdge
      ? [
          {
            path: 'edgeSettings',
            question: 'Which settings of the CDN matter?',
            seen: null,
            hint: 'words, such as SSL strict, cache rule for /assets',
          },
        ]
      : []),
    {
      path: 'mailService',
      question: 'Which service sends the product’s mail?',
      seen: production.mail?.repoServices[0] ?? null,
      hint: 'a name, such as Postmark',
    },
    { path: 'links', question: 'Where does one see whether it is up?', seen: null, hint: 'a link' },
    { path: 'deploy.logs', question: 'Where are the logs?', seen: null, hint: 'a link' },
    { path: 'support', question: 'Where do customers ask for help?', seen: null, hint: 'an address' },
    { path: 'called', question: 'Who is called when it is down?', seen: null, hint: 'name, phone or address' },
    ...lacks,
    ...((production.repository?.migrationTools.length ?? 0) > 0
      ? [
          {
            path: 'restore',
            question: 'How is a backup brought back?',
            seen: null,
            hint: 'a document of the repository, or words',
          },
        ]
      : []),
  ]
  return all.filter(({ path }) => {
    const answer = answerAt(handover, path)
    return answer === undefined || (Array.isArray(answer) && answer.length === 0)
  })
}

/** What was typed, as the value that its place holds. */
export const asTyped = (path: string, typed: string): string => {
  if (/^[[{]/.test(typed)) return typed
  if (path === 'links') return JSON.stringify([{ what: 'monitoring', url: typed }])
  if (path === 'support')
    return JSON.stringify([
      /^https?:/.test(typed) ? { what: 'customers', url: typed } : { what: 'customers', email: typed },
    ])
  if (path !== 'called') return typed
  const people = typed.split(';').map(one =>
    one
      .split(',')
      .map(part => part.trim())
      .filter(Boolean),
  )
  return JSON.stringify(
    people.map(([name = '', ...ways]) => ({
      name,
      ...Object.fromEntries(
        ways.map(way => [way.includes('@') ? 'email' : /^[+\d]/.test(way) ? 'phone' : 'when', way]),
      ),
    })),
  )
}
