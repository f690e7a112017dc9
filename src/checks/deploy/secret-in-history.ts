// Secrets in old versions of files: one finding a secret, with the commits between which it lay there and what is known of its rotation.
import { blocker, defineCheck, high, low, pass, unknown } from '../../core/check.ts'
import { historySecret } from '../../facts/repo/secrets-history.example.ts'
import { speaksOf } from '../../formats/secrets/ledger.ts'
import { placesOnDisk } from '../../formats/secrets/on-disk.ts'
import { isExpired, mayBeReplaced } from '../../formats/secrets/replaced.ts'
import { coverageOf, type Data, evidenceOf, findingsOf, type Told } from './history-findings.ts'
import { confirmRefused, replaceOld } from './secret-fixes.ts'

export default defineCheck<Data>()({
  id: 'secret-in-history',
  stage: 'deploy',
  on: 'repo',
  title: 'No secret lies in the history without having been replaced',
  why: 'Every clone carries every version of every file. A secret that was committed once is known to whoever has a clone, whatever the newest version says: what counts is whether it was rotated. Rotation is proven by the ledger; a secret still in use (in the newest version, or in an environment file on this machine) was not rotated, whatever the ledger says.',
  impact: {
    journey: 'data',
    owner: 'A key that was deleted from the code still opens your company to everybody who ever had a copy.',
  },
  needs: ['secretsHistory', 'secretLedger'],
  wants: ['envFiles', 'secretsTree'],
  actions: ['deploy secrets'],
  signals: ['data-exposed'],
  checklist: { section: 'configuration', order: 7, line: 'No secret stands in the history' },
  outcomes: {
    'never-rotated': blocker('{what} was committed and is still in use', replaceOld),
    unknown: high('{what}{more} lies in the history; nothing says it was replaced', replaceOld, {
      why: 'If it was not replaced, it opens your systems to everybody who ever had a copy of the code.',
    }),
    'attested-rotated': low('{what} lies in the history; the ledger says it was replaced', confirmRefused, {
      why: 'Somebody attested that it opens nothing any more. Only the provider can confirm it.',
    }),
    clean: pass('No secret in {read} of {total} commits'),
  },
  references: [
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository',
    'https://github.com/newren/git-filter-repo',
  ],
  judge({ secretsHistory, secretLedger, envFiles, secretsTree }, { now: time }) {
    const now = secretsTree.ok ? secretsTree.value.secrets : []
    const reported = new Map(now.map(({ hash, confidence }) => [hash, confidence]))
    const onDisk = placesOnDisk(envFiles.ok ? envFiles.value.files : [])
    const coverage = coverageOf(secretsHistory)
    const { read, total, newest } = secretsHistory.commits
    const base = { ledger: secretLedger.path, read, total }
    // What stands in the newest version is looked at there; of older ones a name alone makes one question, not one finding each.
    const doubtful = secretsHistory.secrets.filter(({ confidence, atHead }) => confidence === 'possible' && !atHead)
    const clear = secretsHistory.secrets.filter(
      one => one.confidence !== 'possible' && !(one.atHead && isExpired(one, time)),
    )
    const at = { time, newest }
    const told = clear.map((secret): Told => {
      const rotation = secretLedger.rotations.find(one => speaksOf(one, secret.hash))
      const used = onDisk.get(secret.hash.slice(0, 16))
      const known = rotation ? 'attested-rotated' : 'unknown'
      const outcome = secret.atHead || used ? 'never-rotated' : known
      const isDoubtful = !used && !secret.atHead && mayBeReplaced(secret, now, secretsHistory.secrets, at)
      const confidence = used ? 'certain' : isDoubtful ? 'possible' : secret.confidence
      return { ...secret, outcome, confidence, evidence: evidenceOf(secret, secretLedger.path, used, rotation) }
    })
    const found = findingsOf(told, doubtful, reported, { base, coverage })
    // What was not read may hold one; what stands at HEAD was read, so it is one that was removed.
    const unread = secretsHistory.notes.length ? [unknown(secretsHistory.notes.join('. '), 'high')] : []
    const all = [...found, ...unread]
    if (all.length) return all
    return { outcome: 'clean', data: { ...base, what: '', rotate: '', hash: '', more: '' }, evidence: coverage }
  },
  examples: [
    { name: 'a clean history', facts: {}, expect: 'clean' },
    {
      name: 'a key that was deleted, and nobody says what became of it',
      facts: { secretsHistory: { secrets: [historySecret()] } },
      expect: 'unknown',
    },
  ],
})
