// Links of a page that lead nowhere, grouped by what a visitor loses.

/** A link with what became of it; `state` is `broken`, or `untold` where the answer says nothing about the page. */
export type JudgedLink = {
  url: string
  internal: boolean
  purpose: 'signup' | 'payment' | null
  state: 'works' | 'broken' | 'untold'
}

/** Worst first. */
export const linkGroups = ['signup-or-payment', 'internal', 'external'] as const
export type LinkGroup = (typeof linkGroups)[number]

/** A link to sign up or pay counts as such wherever it leads. */
export const groupOfLink = ({ purpose, internal }: Pick<JudgedLink, 'purpose' | 'internal'>): LinkGroup =>
  purpose !== null ? 'signup-or-payment' : internal ? 'internal' : 'external'

/** The links of one state by group, worst group first; groups without a link are left out. */
export const groupLinks = <L extends JudgedLink>(
  links: readonly L[],
  state: L['state'],
): { group: LinkGroup; links: [L, ...L[]] }[] =>
  linkGroups.flatMap(group => {
    const [first, ...more] = links.filter(link => link.state === state && groupOfLink(link) === group)
    return first ? [{ group, links: [first, ...more] as [L, ...L[]] }] : []
  })
