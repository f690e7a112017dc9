// What is said of where things are and how they get there, held against what was seen.

import { wholesaleRegistrars } from '../../data/companies.ts'
import { platformNamed } from '../../data/platforms.ts'
import { branchNamed, companiesNamed, namesAnother, namesNobody, sameCompany, saysNone } from './names.ts'
import type { SeenReference } from './production.ts'
import { isPlace, runsAt } from './runs-at.ts'
import { accountNames } from './schema.ts'
import { answered, dayMs, listed, one, type Rule } from './told.ts'

const goneWords: Readonly<Record<SeenReference['kind'], string>> = {
  branch: 'branch',
  script: 'script',
  'npm-script': 'npm script',
  workflow: 'workflow',
  file: 'file',
}

const documentNamesGone =
  (kinds: readonly SeenReference['kind'][]): Rule =>
  ({ production }) =>
    (production.repository?.references ?? [])
      .filter(({ kind, exists }) => kinds.includes(kind) && !exists)
      .map(({ file, line, kind, name }) => ({
        id: `document-names-gone-${kind}:${name}`,
        said: `${file}:${line} names the ${goneWords[kind]} ${name}`,
        seen: `the repository has no ${goneWords[kind]} of that name`,
        place: `${file}:${line}`,
      }))

const answerNamesGoneFile: Rule = ({ production }) =>
  (production.repository?.named ?? [])
    .filter(({ exists }) => !exists)
    .map(({ answer, path }) => ({
      id: `answer-names-gone-file:${answer}`,
      said: `${path} says how`,
      seen: 'the repository has no such file',
      place: answer,
    }))

const deployBranchOther: Rule = ({ production, handover }) => {
  const said = branchNamed(handover.deploy?.branch ?? ' ') ?? undefined
  const branches = production.repository?.branches ?? []
  const deploys = production.repository?.deploys ?? []
  const deployed = [...new Set(deploys.flatMap(({ branches: names }) => names))]
  if (said === undefined) return []
  if (branches.length > 0 && !branches.includes(said))
    return one({
      id: 'deploy-branch-gone',
      said: `releases come from the branch ${said}`,
      seen: `the repository has ${listed(branches.slice(0, 8))}`,
      place: 'deploy.branch',
    })
  return one(
    deployed.length > 0 &&
      !deployed.some(name => name === said || name.includes('*')) && {
        id: 'deploy-branch-other',
        said: `releases come from the branch ${said}`,
        seen: `${deploys[0]!.file} deploys ${listed(deployed)}`,
        ...answered('deploy.branch', handover.deploy!.branch!, deployed),
      },
  )
}

/** An answer that names no company cannot be held against one. */
const isNoName = (said: string): boolean => namesNobody(said) || namesAnother(said)

const hostingOther: Rule = ({ production, handover }) => {
  const said = handover.access?.hosting?.provider
  // A file of the repository may be left over, or be read elsewhere too.
  const seen = runsAt(production, {}).flatMap(({ label, by }) => (by === 'file' ? [] : [label]))
  return one(
    said !== undefined &&
      !isNoName(said) &&
      seen.length > 0 &&
      !seen.some(name => sameCompany(name, said)) && {
        id: 'hosting-other',
        said: `the product is hosted at ${said}`,
        seen: `hosts and pipelines show ${listed(seen)}`,
        ...answered('access.hosting.provider', said, seen),
      },
  )
}

const deployPlatformOther: Rule = ({ production, handover }) => {
  const said = handover.deploy?.platform
  const places = (production.repository?.platforms ?? []).filter(({ name }) => isPlace(name))
  const seen = places.map(({ label }) => label)
  // Only a platform that leaves a file in the repository is missed there; another company, where a pipeline deploys elsewhere too.
  const name = said === undefined ? null : platformNamed(said)
  const isByPipeline = (production.repository?.deploys ?? []).some(({ platform }) =>
    places.some(place => place.name === platform),
  )
  const isOther = said !== undefined && companiesNamed(said).length > 0 && isByPipeline
  return one(
    said !== undefined &&
      (name === null || !isPlace(name) ? isOther : true) &&
      seen.length > 0 &&
      !seen.some(name => sameCompany(name, said)) && {
        id: 'deploy-platform-other',
        said: `it is deployed to ${said}`,
        seen: `the repository has the files of ${listed(seen)}`,
        place: 'deploy.platform',
      },
  )
}

const registrarOther: Rule = ({ production, handover }) => {
  const said = handover.access?.registrar?.provider
  const seen = production.registration?.registrar
  return one(
    said !== undefined &&
      seen != null &&
      !isNoName(said) &&
      !wholesaleRegistrars.test(seen) &&
      !sameCompany(said, seen, 'registration') && {
        id: 'registrar-other',
        said: `${production.domain} is registered with ${said}`,
        seen: `the registry names ${seen}`,
        ...answered('access.registrar.provider', said, [seen]),
      },
  )
}

const dnsOther: Rule = ({ production, handover }) => {
  const said = handover.access?.dns?.provider
  const { provider, nameServers } = production.dns ?? { provider: null, nameServers: [] }
  return one(
    said !== undefined &&
      provider !== null &&
      !isNoName(said) &&
      !sameCompany(said, provider, 'records') && {
        id: 'dns-other',
        said: `DNS records are changed at ${said}`,
        seen: `the name servers are those of ${provider}: ${listed(nameServers)}`,
        ...answered('access.dns.provider', said, [provider]),
      },
  )
}

const edgeOther: Rule = ({ production, handover }) => {
  const said = handover.access?.edge?.provider
  const seen = production.hosts.flatMap(({ edge, platform }) => [edge, platform]).filter(name => name !== null)
  if (said !== undefined && namesNobody(said)) {
    const edges = production.hosts.flatMap(({ edge, platform }) => (edge !== null && edge !== platform ? [edge] : []))
    return one(
      edges.length > 0 && {
        id: 'edge-other',
        said: 'nothing stands before the product',
        seen: `${listed(edges)} does`,
        place: 'access.edge.provider',
      },
    )
  }
  return one(
    said !== undefined &&
      !namesAnother(said) &&
      production.hosts.length > 0 &&
      !seen.some(name => sameCompany(name, said)) && {
        id: 'edge-other',
        said: `${said} stands before the product`,
        seen: seen.length ? `no host is behind it; seen: ${listed(seen)}` : 'no host is behind it',
        place: 'access.edge.provider',
      },
  )
}

const renewalOther: Rule = ({ production, handover }) => {
  const said = handover.access?.registrar?.renews
  const seen = production.registration?.expires
  return one(
    said !== undefined &&
      seen != null &&
      Math.abs(Date.parse(said) - Date.parse(seen)) > 31 * dayMs && {
        id: 'renewal-other',
        said: `the domain renews on ${said}`,
        seen: `the registry says ${seen}`,
        ...answered('access.registrar.renews', said, [seen]),
      },
  )
}

const renewalPast: Rule = ({ handover, now }) =>
  accountNames.flatMap(name => {
    const renews = handover.access?.[name]?.renews
    return one(
      renews !== undefined &&
        Date.parse(renews) < now - dayMs && {
          id: `renewal-past:${name}`,
          said: `the account "${name}" renews on ${renews}`,
          seen: 'that day has gone by',
          place: `access.${name}.renews`,
        },
    )
  })

const paymentOther: Rule = ({ production, handover }) => {
  const said = handover.access?.payment?.provider
  const seen = production.repository?.payment
  return one(
    said !== undefined &&
      seen != null &&
      !sameCompany(said, seen) && {
        id: 'payment-other',
        said: `customers pay through ${said}`,
        seen: `the code uses ${seen}`,
        ...answered('access.payment.provider', said, [seen]),
      },
  )
}

const repositoryOther: Rule = ({ production, handover }) => {
  const said = handover.access?.repository?.provider
  const host = production.repository?.remote?.split('/')[0]
  const known = /github|gitlab|bitbucket|codeberg|azure|visualstudio|sourcehut|sr\.ht|codecommit|gitee/i
  return one(
    said !== undefined &&
      host !== undefined &&
      known.test(said) &&
      known.test(host) &&
      !sameCompany(said, host) && {
        id: 'repository-other',
        said: `the code is kept at ${said}`,
        seen: `it is pushed to ${production.repository!.remote}`,
        place: 'access.repository.provider',
      },
  )
}

const rotationOther: Rule = ({ production, handover }) =>
  (handover.secrets ?? []).flatMap(({ name, rotated }) => {
    const entry = production.repository?.rotations
      .filter(item => item.name === name)
      .sort((a, b) => (a.rotated < b.rotated ? 1 : -1))[0]
    return one(
      rotated !== undefined &&
        entry &&
        entry.rotated !== rotated && {
          id: `rotation-other:${name}`,
          said: `${name} was replaced on ${rotated}`,
          seen: `the ledger says ${entry.rotated}, by ${entry.by}`,
          place: 'secrets',
        },
    )
  })

const secretUnread: Rule = ({ production, handover }) => {
  const variables = production.repository?.variables ?? []
  const names = new Set(variables.map(({ name }) => name))
  // A key of the pipeline or of a platform's file is one of the product too.
  const set = new Set(production.repository?.setNames)
  return (handover.secrets ?? []).flatMap(({ name }) =>
    one(
      variables.length > 0 &&
        /^[A-Z][A-Z0-9_]+$/.test(name) &&
        !names.has(name) &&
        !set.has(name) && {
          id: `secret-unread:${name}`,
          said: `${name} is a key of the product`,
          seen: 'the program reads no variable of that name',
          place: 'secrets',
        },
    ),
  )
}

const rollbackDeclaredNone: Rule = ({ production, handover }) =>
  one(
    saysNone(production.declared.rollback ?? '') &&
      (handover.rehearsed?.rollback !== undefined || handover.rollback !== undefined) && {
        id: 'rollback-declared-none',
        said: handover.rehearsed?.rollback
          ? `a rollback was rehearsed on ${handover.rehearsed.rollback}`
          : 'a release can be taken back',
        seen: `the config says that it cannot (deploy.rollback: ${production.declared.rollback})`,
        place: handover.rehearsed?.rollback ? 'rehearsed.rollback' : 'rollback',
      },
  )

const restoreWithoutBackup: Rule = ({ production, handover }) =>
  one(
    saysNone(production.declared.backup ?? '') &&
      (handover.rehearsed?.restore !== undefined || handover.restore !== undefined) && {
        id: 'restore-without-backup',
        said: handover.rehearsed?.restore
          ? `a backup was restored on ${handover.rehearsed.restore}`
          : 'a backup can be restored',
        seen: `the config says that nothing backs the data up (deploy.backup: ${production.declared.backup})`,
        place: handover.rehearsed?.restore ? 'rehearsed.restore' : 'restore',
      },
  )

const restoreDateOther: Rule = ({ production, handover }) =>
  one(
    production.declared.restored !== null &&
      handover.rehearsed?.restore !== undefined &&
      handover.rehearsed.restore !== production.declared.restored && {
        id: 'restore-date-other',
        said: `a backup was restored on ${handover.rehearsed.restore}`,
        seen: `the config says ${production.declared.restored} (deploy.restored)`,
        place: 'rehearsed.restore',
      },
  )

export const rulesOfPlaces: Readonly<Record<string, Rule>> = {
  'document-names-gone-branch': documentNamesGone(['branch']),
  'document-names-gone-script': documentNamesGone(['script', 'file']),
  'document-names-gone-npm-script': documentNamesGone(['npm-script']),
  'document-names-gone-workflow': documentNamesGone(['workflow']),
  'answer-names-gone-file': answerNamesGoneFile,
  'deploy-branch': deployBranchOther,
  'hosting-other': hostingOther,
  'deploy-platform-other': deployPlatformOther,
  'registrar-other': registrarOther,
  'dns-other': dnsOther,
  'edge-other': edgeOther,
  'renewal-other': renewalOther,
  'renewal-past': renewalPast,
  'payment-other': paymentOther,
  'repository-other': repositoryOther,
  'rotation-other': rotationOther,
  'secret-unread': secretUnread,
  'rollback-declared-none': rollbackDeclaredNone,
  'restore-without-backup': restoreWithoutBackup,
  'restore-date-other': restoreDateOther,
}
