// The authority in use may renew the certificates, and no other may issue them.
import { defineCheck, type OutcomeHolds, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { authorityOf, type CertificateAuthority } from '../../data/caa-identities.ts'
import type { Facts } from '../../facts/index.generated.ts'
import { type CaaRecord, caaAllows, caaFault, parseIssueValue } from '../../formats/dns/caa.ts'
import { absoluteName, isWithin } from '../../formats/dns/name.ts'

type Data = {
  /** Where the records stand. */
  name: string
  /** False where they stand with somebody else, whom an alias leads to. */
  own: boolean
  host: string
  /** The host, and how many more the same record keeps from being renewed. */
  shown: string
  authority: string
  identities: string[]
  wanted: string[]
  remove: string[]
  tag: 'issue' | 'issuewild'
}

const foreignFix = (data: Data): Fix => ({
  summary: `Let ${data.authority || 'the authority in use'} issue although ${data.host} is an alias`,
  steps: [
    `The records stand at ${data.name}, which ${data.host} is an alias of: ask its operator to name ${data.wanted.join(', ') || 'sound records'} there, or to issue the certificate himself.`,
    `Or replace the alias of ${data.host} by address records and put your own CAA records beside them.`,
  ],
  changes: [{ kind: 'manual', step: `Settle with the operator of ${data.name} who issues for ${data.host}.` }],
  effortMinutes: 30,
})

const ownFix = (data: Data): Fix => ({
  summary: data.wanted.length
    ? `Let ${data.authority} issue for ${data.name}`
    : data.authority !== ''
      ? `Take the CAA record that forbids every authority out of ${data.name}`
      : `Take the broken CAA record of ${data.name} out`,
  steps: [
    ...data.remove.map(record => `Remove the CAA record ${record} of ${data.name}.`),
    ...data.wanted.map(record => `Add the CAA record ${record} to ${data.name}.`),
    'Add one line for every other authority that you use (for mail or at another host).',
  ],
  changes: [
    ...data.remove.map(record => ({
      kind: 'dns' as const,
      action: 'remove' as const,
      name: absoluteName(data.name),
      type: 'CAA',
      data: record,
    })),
    ...data.wanted.map(record => ({
      kind: 'dns' as const,
      action: 'add' as const,
      name: absoluteName(data.name),
      type: 'CAA',
      ttl: 3600,
      data: record,
    })),
    ...(data.wanted.length + data.remove.length
      ? []
      : [{ kind: 'manual' as const, step: `Add CAA records for the authorities that issue for ${data.name}.` }]),
  ],
  effortMinutes: 10,
})

const fix = (data: Data): Fix => (data.own ? ownFix(data) : foreignFix(data))

const written = (record: { flags: number; tag: string; value: string }): string =>
  `${record.flags} ${record.tag} "${record.value}"`

/** One record set keeps one authority from all hosts below it: told once, by the first of them. */
const once = (holds: readonly Holds[]): Holds[] => {
  const groups = new Map<string, Holds[]>()
  for (const each of holds) {
    const key = `${each.data.name} ${each.data.authority} ${each.data.tag}`
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups.values()].map(([first, ...others]) => ({
    ...first!,
    data: { ...first!.data, shown: others.length ? `${first!.data.host} and ${others.length} more` : first!.data.host },
    evidence: [...first!.evidence, ...others.flatMap(({ evidence }) => evidence.slice(1))],
  }))
}

type Known = Facts['caa']['sets'][number] & { authority: CertificateAuthority | null }
type Holds = OutcomeHolds<'excludes-issuer' | 'malformed' | 'missing', Data>

const none = (name: string, own = true): Data => ({
  name,
  own,
  host: name,
  shown: name,
  authority: '',
  identities: [],
  wanted: [],
  remove: [],
  tag: 'issue',
})

/** Which domain an authority that we do not know goes by cannot be told; that nobody may issue can. */
const forbidden = (set: Known, found: string, issuer: string, domain: string): Holds[] => {
  const named = set.records.flatMap(record => parseIssueValue(record.value)?.issuer || [])
  const verdict = caaAllows(set.records, named, set.wildcard)
  if (verdict.allowed) return []
  const bars = (record: CaaRecord): boolean =>
    /^issue(wild)?$/i.test(record.tag)
      ? !parseIssueValue(record.value)?.issuer
      : Boolean(record.flags & 128 && caaFault(record))
  const data: Data = {
    ...none(found, isWithin(found, domain) || isWithin(domain, found)),
    host: set.host,
    authority: issuer,
    remove: set.records.filter(bars).map(written),
  }
  return [
    {
      outcome: 'excludes-issuer',
      key: `${set.host} ${found}`,
      data,
      evidence: [
        { label: `${found} CAA`, value: `${verdict.because}: nobody may issue` },
        { label: `certificate of ${set.host}`, value: `issued by ${issuer}` },
      ],
    },
  ]
}

/** Hosts whose certificate the authority in use could not issue again. */
const exclusions = (sets: readonly Known[], domain: string): Holds[] =>
  sets.flatMap((set): Holds[] => {
    if (set.found === null || set.issuer === null) return []
    if (set.authority === null) return forbidden(set, set.found, set.issuer, domain)
    const verdict = caaAllows(set.records, set.authority.identities, set.wildcard)
    if (verdict.allowed) return []
    const tag = set.wildcard && set.records.some(record => record.tag === 'issuewild') ? 'issuewild' : 'issue'
    const remove = set.records.filter(record => record.flags & 128 && caaFault(record)).map(written)
    const wanted = [`0 ${tag} "${set.authority.identities[0]}"`]
    const data: Data = {
      name: set.found,
      own: isWithin(set.found, domain) || isWithin(domain, set.found),
      host: set.host,
      shown: set.host,
      authority: set.authority.name,
      identities: [...set.authority.identities],
      wanted,
      remove,
      tag,
    }
    const evidence = [
      { label: `${set.found} CAA`, value: verdict.because },
      { label: `certificate of ${set.host}`, value: `issued by ${set.issuer}` },
    ]
    return [{ outcome: 'excludes-issuer', key: `${set.host} ${set.found}`, data, evidence }]
  })

/** Records that do not say what they should, each once however many hosts share them. */
const malformations = (sets: readonly Known[], domain: string): Holds[] =>
  [...new Map(sets.filter(set => set.found !== null).map(set => [set.found!, set]))].flatMap(([name, set]) =>
    set.records.flatMap((record): Holds[] => {
      const fault = caaFault(record)
      if (!fault) return []
      const data: Data = {
        ...none(name, isWithin(name, domain) || isWithin(domain, name)),
        host: set.host,
        remove: [written(record)],
      }
      return [
        {
          outcome: 'malformed',
          key: `${name} ${written(record)}`,
          data,
          evidence: [{ label: `${name} CAA ${written(record)}`, value: fault }],
        },
      ]
    }),
  )

export default defineCheck<Data>()({
  id: 'caa',
  stage: 'dns',
  on: 'domain',
  title: 'The authority in use may issue, and only those named may',
  why: 'Before it issues, an authority looks up CAA at the name and climbs until it finds records. If its own domain is not among them it must refuse, and the next renewal fails silently until the certificate expires. Without any record, every authority in the world may issue for the domain.',
  impact: {
    journey: 'visit',
    owner: 'Your certificate cannot be renewed: one morning every visitor sees a red warning page.',
  },
  needs: ['caa'],
  signals: { 'certificate-warnings': ['excludes-issuer'] },
  outcomes: {
    'excludes-issuer': {
      status: 'fail',
      severity: 'blocker',
      title: 'The certificate of {shown} cannot be renewed',
      fix,
    },
    malformed: {
      status: 'fail',
      severity: 'medium',
      title: 'A CAA record of {name} does not say what it should',
      why: 'Whoever wrote it meant to restrict who may issue certificates; it does something else.',
      fix,
    },
    missing: {
      status: 'fail',
      severity: 'low',
      title: 'Any authority may issue certificates for {name}',
      why: 'Someone who tricks any one of a hundred authorities gets a certificate in your name.',
      fix,
    },
    'allows-issuer': { status: 'pass', title: 'Only named authorities may issue, the one in use among them' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc8659',
    'https://www.rfc-editor.org/rfc/rfc8657',
    'https://letsencrypt.org/docs/caa/',
  ],
  judge: ({ caa }, { subject }) => {
    const known = caa.sets.map(set => ({ ...set, authority: set.issuer ? authorityOf(set.issuer) : null }))
    const holds = [...once(exclusions(known, subject.name)), ...malformations(known, subject.name)]
    const apex = known.find(set => set.host === subject.name)
    if (apex && apex.found === null) {
      const authorities = [
        ...new Map(
          known.flatMap(set => (set.authority ? [[set.authority.name, set.authority] as const] : [])),
        ).values(),
      ]
      const data = {
        ...none(subject.name),
        authority: authorities.map(each => each.name).join(' and '),
        wanted: authorities.map(authority => `0 issue "${authority.identities[0]}"`),
      }
      holds.push({
        outcome: 'missing',
        data,
        evidence: [{ label: `${subject.name} CAA`, value: 'no record here or above' }],
      })
    }
    const open = caa.unknown.map(item => unknown(`CAA of ${item.host}: ${item.message}`, 'blocker'))
    if (holds.length || open.length) return [...holds, ...open]
    const evidence = known.map(set => ({ label: set.host, value: set.records.map(written).join(', ') }))
    return { outcome: 'allows-issuer', data: none(subject.name), evidence }
  },
  examples: [
    {
      name: "Let's Encrypt is in use and named",
      facts: {
        caa: {
          sets: [
            {
              host: 'example.com',
              found: 'example.com',
              records: [{ flags: 0, tag: 'issue', value: 'letsencrypt.org' }],
              issuer: "Let's Encrypt",
              wildcard: false,
            },
          ],
          unknown: [],
        },
      },
      expect: 'allows-issuer',
    },
    {
      name: "Let's Encrypt is in use, another authority is named",
      facts: {
        caa: {
          sets: [
            {
              host: 'example.com',
              found: 'example.com',
              records: [{ flags: 0, tag: 'issue', value: 'digicert.com' }],
              issuer: "Let's Encrypt",
              wildcard: false,
            },
          ],
          unknown: [],
        },
      },
      expect: 'excludes-issuer',
    },
    {
      name: 'one record keeps apex and www from being renewed: told once',
      facts: {
        caa: {
          sets: ['example.com', 'www.example.com'].map(host => ({
            host,
            found: 'example.com',
            records: [{ flags: 0, tag: 'issue', value: 'digicert.com' }],
            issuer: "Let's Encrypt",
            wildcard: false,
          })),
          unknown: [],
        },
      },
      expect: 'excludes-issuer',
    },
    {
      name: 'nobody may issue, whoever the authority is',
      facts: {
        caa: {
          sets: [
            {
              host: 'example.com',
              found: 'example.com',
              records: [{ flags: 0, tag: 'issue', value: ';' }],
              issuer: 'House Authority',
              wildcard: false,
            },
          ],
          unknown: [],
        },
      },
      expect: 'excludes-issuer',
    },
    {
      name: 'an address where a domain belongs',
      facts: {
        caa: {
          sets: [
            {
              host: 'example.com',
              found: 'example.com',
              records: [{ flags: 0, tag: 'issue', value: 'https://letsencrypt.org' }],
              issuer: null,
              wildcard: false,
            },
          ],
          unknown: [],
        },
      },
      expect: 'malformed',
    },
    {
      name: 'no record at all',
      facts: {
        caa: {
          sets: [{ host: 'example.com', found: null, records: [], issuer: "Let's Encrypt", wildcard: false }],
          unknown: [],
        },
      },
      expect: 'missing',
    },
  ],
})
