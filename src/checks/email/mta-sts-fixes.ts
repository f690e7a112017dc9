// Fixes of MTA-STS: a policy is tested before it binds, and served before its record says that it is there.
import type { Fix } from '../../core/fix.ts'
import { addRecord, changesFix, manual, removeRecord } from '../../core/fixes.ts'

/** `policy` is the text to serve at `url`, `strict` the one of the last step; `part` says what a fault is of. */
export type StsData = {
  domain: string
  url: string
  policy: string
  strict: string
  texts: string[]
  part: 'record' | 'policy'
}

export const serve = ({ url, policy }: StsData): Fix =>
  changesFix(
    `Serve the policy at ${url}`,
    [
      manual(`Serve this text, as text/plain and without a redirect, at ${url}:\n${policy}`),
      manual('Then change id= in the TXT record, so that senders fetch it anew'),
    ],
    40,
  )

const removals = ({ domain, texts }: StsData) => texts.map(text => removeRecord(`_mta-sts.${domain}`, 'TXT', text))

/** What nobody can fetch protects nobody: taking the record out is the honest quick fix, serving the policy the lasting one. */
export const drop = (data: StsData): Fix =>
  changesFix('Take the record out until the policy is served', removals(data), 30, [
    `Or serve the policy at ${data.url}:\n${data.policy}`,
  ])

export const mend = (data: StsData): Fix => {
  if (data.part === 'policy') return serve(data)
  const sound = addRecord(`_mta-sts.${data.domain}`, 'TXT', 'v=STSv1; id=1')
  return changesFix('Publish one sound record', [...removals(data), sound], 10)
}

const last =
  'Every mail server that the policy names has to pass mx-starttls first, and two weeks of TLS reports to show no failure'

/** From the test to the policy that binds. */
export const enforce = ({ url, strict }: StsData): Fix =>
  changesFix(
    'Let the policy bind once the reports show no failure',
    [manual(`Then serve this text at ${url}, and change id= in the TXT record:\n${strict}`)],
    20,
    [last],
  )

export const publish = ({ domain, url, policy, strict }: StsData): Fix =>
  changesFix(
    'Publish a policy',
    [
      manual(`Serve this text at ${url}:\n${policy}`),
      manual(`Then add a TXT record to _mta-sts.${domain} with v=STSv1; id=1`),
    ],
    60,
    [`${last}; then serve mode: enforce instead:\n${strict}`],
  )
