// What is said of people, rehearsals and mail, held against what was seen.

import { statusTools } from '../../data/companies.ts'
import { mailProviders, providerNamed } from '../../data/mail-providers.ts'
import { hasKnownSuffix, registrableDomain } from '../dns/registrable-domain.ts'
import { mailboxOf, sameCompany } from './names.ts'
import { proofOf, rehearsalWords } from './rehearsal.ts'
import { accountNames, type Handover, type Rehearsal, rehearsals } from './schema.ts'
import { answered, dayMs, listed, one, type Rule } from './told.ts'

const isDomainName = /\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}\b/gi

const rollbackNeverSeen: Rule = ({ production, handover, drills }) =>
  one(
    handover.rehearsed?.rollback !== undefined &&
      production.repository !== null &&
      proofOf('rollback', production, drills) === null && {
        id: 'rollback-never-seen',
        said: `a rollback was rehearsed on ${handover.rehearsed.rollback}`,
        seen: 'no commit was ever deployed twice, and no drill is recorded',
        place: 'rehearsed.rollback',
      },
  )

const redeployNeverSeen: Rule = ({ production, handover, drills }) =>
  one(
    handover.rehearsed?.redeploy !== undefined &&
      (production.repository?.tags.length ?? 0) >= 2 &&
      proofOf('redeploy', production, drills) === null && {
        id: 'redeploy-never-seen',
        said: `a deploy was rehearsed on ${handover.rehearsed.redeploy}`,
        seen: `each of the ${production.repository!.tags.length} tags is another commit, and no drill is recorded`,
        place: 'rehearsed.redeploy',
      },
  )

const rehearsedInFuture: Rule = ({ handover, now }) =>
  rehearsals.flatMap(name => {
    const day = handover.rehearsed?.[name]
    return one(
      day !== undefined &&
        Date.parse(day) > now + dayMs && {
          id: `rehearsed-in-future:${name}`,
          said: `${rehearsalWords[name]} was rehearsed on ${day}`,
          seen: `today is ${new Date(now).toISOString().slice(0, 10)}`,
          place: `rehearsed.${name}`,
        },
    )
  })

const topicOf: Partial<Record<Rehearsal, string>> = { rollback: 'rollback', restore: 'restore' }

/** A date as a document writes it, as a day; null where it cannot be read. */
const dayOf = (text: string): string | null => {
  const at = Date.parse(`${text} UTC`)
  const iso = /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? text
    : Number.isNaN(at)
      ? null
      : new Date(at).toISOString().slice(0, 10)
  return iso
}

const rehearsalDatesDiffer: Rule = ({ production, handover }) =>
  rehearsals.flatMap(name => {
    const day = handover.rehearsed?.[name]
    const written = (production.repository?.documents ?? []).find(
      ({ topic, rehearsed }) => topic === topicOf[name] && rehearsed !== null,
    )
    const other = written?.rehearsed ? dayOf(written.rehearsed) : null
    return one(
      day !== undefined &&
        written &&
        other !== null &&
        other !== day && {
          id: `rehearsal-dates-differ:${name}`,
          said: `${rehearsalWords[name]} was rehearsed on ${day}`,
          seen: `${written.file}:${written.line} says ${written.rehearsed}`,
          place: `rehearsed.${name}`,
        },
    )
  })

/** The mailbox of somebody: of an address, or of a name that is given one elsewhere in the answers. */
const addressOf = (who: string, { owner, called }: Handover): string => {
  const known = [owner, ...(called ?? [])].find(one => one?.email && one.name && mailboxOf(one.name) === mailboxOf(who))
  return mailboxOf(known?.email ?? who)
}

const onePersonTwice: Rule = ({ handover }) =>
  accountNames.flatMap(name => {
    const people = handover.access?.[name]?.people ?? []
    const boxes = new Set(people.map(who => addressOf(who, handover)))
    return one(
      people.length > 1 &&
        boxes.size === 1 && {
          id: `one-person-twice:${name}`,
          said: `${people.length} people hold the account "${name}"`,
          seen: `all of them read ${[...boxes][0]}`,
          place: `access.${name}.people`,
        },
    )
  })

const ownerHoldsNothing: Rule = ({ handover }) => {
  const owner = handover.owner?.email
  const people = accountNames.flatMap(name => handover.access?.[name]?.people ?? [])
  const addresses = people.filter(who => who.includes('@'))
  const isAmong = people.some(
    who => mailboxOf(who) === mailboxOf(owner ?? '') || who.toLowerCase() === handover.owner?.name?.toLowerCase(),
  )
  return one(
    owner !== undefined &&
      addresses.length > 1 &&
      addresses.length === people.length &&
      !isAmong && {
        id: 'owner-holds-nothing',
        said: `${owner} owns the product`,
        seen: `no account names that address; they name ${listed(addresses)}`,
        place: 'owner.email',
      },
  )
}

const calledNotAlerted: Rule = ({ production, handover }) => {
  const called = [...(handover.called ?? []), ...(handover.owner ? [handover.owner] : [])]
  const words = called.flatMap(({ name, email }) => [name, email].flatMap(item => (item ? [mailboxOf(item)] : [])))
  const alerts = production.monitoring?.alerts ?? []
  const told = alerts.flatMap(({ people }) => people)
  // A channel of a group may reach anybody.
  const onlyPeople = alerts.length > 0 && alerts.every(({ people }) => people.length > 0)
  return one(
    (handover.called?.length ?? 0) > 0 &&
      // A name and a phone number cannot be held against addresses.
      (handover.called ?? []).every(({ email }) => email !== undefined) &&
      onlyPeople &&
      !told.some(who => words.includes(mailboxOf(who))) && {
        id: 'called-not-alerted',
        said: `${listed((handover.called ?? []).map(({ name }) => name))} is called when it is down`,
        seen: `alerts reach ${listed(told)} alone`,
        place: 'called',
      },
  )
}

/** `example` of `status.example.io`: a product's domains differ in their suffix. */
const labelOf = (name: string): string => (registrableDomain(name) ?? name).split('.')[0]!

const monitoringOfOther: Rule = ({ production, links }) =>
  links.flatMap(({ what, url, title, state }) => {
    const host = new URL(url).hostname
    const named = (title?.toLowerCase().match(isDomainName) ?? []).filter(name => hasKnownSuffix(name))
    const isOurs = named.some(name => labelOf(name) === labelOf(production.domain))
    const foreign = named.find(
      name => registrableDomain(name) !== registrableDomain(host) && !statusTools.has(registrableDomain(name) ?? name),
    )
    return one(
      state === 'live' &&
        /monitor|status|uptime|alert|dashboard/i.test(what) &&
        !isOurs &&
        foreign !== undefined && {
          id: `monitoring-of-other:${url}`,
          said: `${url} shows the monitoring of ${production.domain}`,
          seen: `the page is about ${foreign}`,
          place: 'links',
        },
    )
  })

const mailServiceUnseen: Rule = ({ production, handover }) => {
  const { mail } = production
  const said = handover.mailService ?? handover.access?.email?.provider
  const provider =
    said === undefined ? null : (providerNamed(said) ?? mailProviders.find(({ name }) => sameCompany(name, said)))
  if (!mail || !provider || mail.spf === null) return []
  const seen = [...mail.spfServices, ...mail.selectors.map(({ provider: name }) => name), ...mail.providers]
  return one(
    !seen.some(name => name !== null && sameCompany(name, provider.name)) &&
      !(mail.inbox && sameCompany(mail.inbox, provider.name)) && {
        id: 'mail-service-unseen',
        said: `mail is sent by ${provider.name}`,
        seen: `no SPF include and no DKIM key of it; SPF names ${listed(mail.spfServices) || 'no service'}`,
        place: handover.mailService === undefined ? 'access.email.provider' : 'mailService',
      },
  )
}

const mailServiceOtherInCode: Rule = ({ production, handover }) => {
  const said = handover.mailService
  const services = production.mail?.repoServices ?? []
  return one(
    said !== undefined &&
      providerNamed(said) !== null &&
      services.length > 0 &&
      !services.some(name => sameCompany(name, said)) && {
        id: 'mail-service-other-in-code',
        said: `mail is sent by ${said}`,
        seen: `the code uses ${listed(services)}`,
        ...answered('mailService', said, services),
      },
  )
}

const supportTakesNoMail: Rule = ({ handover, contacts }) =>
  (handover.support ?? []).flatMap(({ what, email }) => {
    const contact = contacts.find(seen => seen.email === email)
    return one(
      contact &&
        (contact.state === 'no-mail' || contact.state === 'refused') && {
          id: `support-takes-no-mail:${contact.email}`,
          said: `${what}: write to ${contact.email}`,
          seen: contact.detail,
          place: 'support',
        },
    )
  })

const calledTakesNoMail: Rule = ({ handover, contacts }) =>
  [
    ...(handover.called ?? []),
    ...(handover.owner?.email ? [{ name: handover.owner.name ?? 'the owner', email: handover.owner.email }] : []),
  ].flatMap(({ name, email }) => {
    const contact = contacts.find(seen => seen.email === email)
    return one(
      contact &&
        (contact.state === 'no-mail' || contact.state === 'refused') && {
          id: `called-takes-no-mail:${contact.email}`,
          said: `${name} is reached at ${contact.email}`,
          seen: contact.detail,
          place: 'called',
        },
    )
  })

export const rulesOfPeople: Readonly<Record<string, Rule>> = {
  'rollback-never-seen': rollbackNeverSeen,
  'redeploy-never-seen': redeployNeverSeen,
  'rehearsed-in-future': rehearsedInFuture,
  'rehearsal-dates-differ': rehearsalDatesDiffer,
  'one-person-twice': onePersonTwice,
  'owner-holds-nothing': ownerHoldsNothing,
  'called-not-alerted': calledNotAlerted,
  'monitoring-of-other': monitoringOfOther,
  'mail-service-unseen': mailServiceUnseen,
  'mail-service-other-in-code': mailServiceOtherInCode,
  'support-takes-no-mail': supportTakesNoMail,
  'called-takes-no-mail': calledTakesNoMail,
}
