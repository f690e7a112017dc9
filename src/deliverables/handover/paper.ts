// The handover as a whole: one paper from facts, answers and report, and what lies beside it.
import { duesOf, printCalendar } from '../../formats/handover/calendar.ts'
import { lacksOf } from '../../formats/handover/parts.ts'
import { sevenAnswers } from '../../formats/handover/seven.ts'
import { type DeliverableInput, type Document, factOf } from '../deliverable.ts'
import type { Paper, Section } from './blocks.ts'
import { evidenceDocuments } from './evidence.ts'
import { paperFiles } from './files.ts'
import { accounts, contradictionSection, glance, ifDown, sevenQuestions } from './first-page.ts'
import { printHtml } from './html.ts'
import { day, type PaperInput } from './input.ts'
import { calendar, rehearsed, said, signOff, state } from './last-pages.ts'
import { peoplesWords, printMarkdown } from './markdown.ts'
import { deployment, domainMap, secretRules } from './parts.ts'
import { monitoring, rollback, support } from './parts-running.ts'

const verdictOf = (input: PaperInput): Paper['verdict'] => {
  const lacks = lacksOf(input.production, input.handover)
  const answers = sevenAnswers(input)
  const yes = answers.filter(({ answer }) => answer === 'yes').length
  const parted = input.contradictions.length
  const missing = lacks.length ? ` Still to be said: ${lacks.map(({ what }) => what).join('; ')}.` : ''
  const text =
    yes === answers.length && !lacks.length && !parted
      ? 'Somebody else can run this.'
      : `Somebody else can do ${yes} of ${answers.length} things that running this takes.`
  const contradictions = parted
    ? ` In ${parted} ${parted === 1 ? 'place' : 'places'} what is said and what was seen part.`
    : ''
  const nothing = missing || contradictions ? '' : ' Every part is there; nothing that is said and seen parts.'
  return {
    tone:
      parted || lacks.some(({ part }) => part === 'support' || part === 'rollback')
        ? 'bad'
        : yes === answers.length
          ? 'good'
          : 'open',
    text,
    more: `${missing}${contradictions}${nothing}`.trim(),
  }
}

const sectionsOf = (input: PaperInput): Section[] =>
  [
    ifDown(input),
    sevenQuestions(input),
    contradictionSection(input),
    domainMap(input),
    deployment(input),
    secretRules(input),
    monitoring(input),
    rollback(input),
    support(input),
    accounts(input),
    calendar(input),
    rehearsed(input),
    state(input),
    said(input),
    signOff(input),
  ].filter(section => section !== null)

export const paperOf = (input: PaperInput): Paper => ({
  title: input.handover.product ?? input.production.domain,
  domain: input.production.domain,
  date: day(input.now),
  people: [
    ['Domain', input.production.domain],
    ...(input.handover.owner?.name || input.handover.owner?.email
      ? ([['Owner', input.handover.owner.name ?? input.handover.owner.email ?? '']] as const)
      : []),
    ...(input.client ? ([['For', input.client]] as const) : []),
    ...(input.consultant ? ([['By', input.consultant]] as const) : []),
    ['Date', day(input.now)],
  ],
  verdict: verdictOf(input),
  glance: glance(input),
  sections: sectionsOf(input),
  ...(input.client ? { client: input.client } : {}),
  ...(input.consultant ? { consultant: input.consultant } : {}),
  ...(input.logo ? { logo: input.logo } : {}),
})

/** What the paper is made from; null where production was not looked at. */
export const paperInput = (
  given: DeliverableInput & Pick<PaperInput, 'client' | 'consultant' | 'logo'>,
): PaperInput | null => {
  const [production, answers] = [factOf(given.facts, 'production'), factOf(given.facts, 'handoverAnswers')]
  if (!production?.ok || !answers?.ok) return null
  const [links, contacts] = [factOf(given.facts, 'handoverLinks'), factOf(given.facts, 'handoverContacts')]
  return {
    production: production.value,
    answers: answers.value,
    handover: answers.value.handover,
    drills: answers.value.drills,
    contradictions: given.report.contradictions ?? [],
    links: links?.ok ? links.value.links : [],
    contacts: contacts?.ok ? contacts.value.contacts : [],
    report: given.report,
    now: given.now,
    client: given.client,
    consultant: given.consultant,
    logo: given.logo,
  }
}

/** Every text of the handover; `former` is the Markdown document that stands there, whose words of people stay. */
export const handoverDocuments = (input: PaperInput, former: string | null = null): Document[] => {
  const paper = paperOf(input)
  const kept = former === null ? undefined : (peoplesWords(former) ?? undefined)
  const dues = duesOf(input.production, input.handover, input.drills, input.now)
  return [
    { path: paperFiles.markdown, content: printMarkdown(paper, former) },
    { path: paperFiles.html, content: printHtml(paper, kept) },
    { path: paperFiles.calendar, content: printCalendar(dues, input.production.domain, input.now) },
    ...evidenceDocuments(input),
  ]
}
