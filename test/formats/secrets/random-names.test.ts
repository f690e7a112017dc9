// Names that hold a key, and names that only look odd.
import { expect, it } from 'vitest'
import { randomNamesIn } from '../../../src/formats/secrets/random-names.ts'

const key = ['kQ7vWm2XzR9', 'tB4nLc8YpD3sHf'].join('')
const letters = ['kQvWmXzRtBnLc', 'YpDsHfGjTq'].join('')
const hex = ['9f4e1c7ab2d85306', 'e1f7c4a90b3d2e68'].join('')

it.each([
  ['a workflow', { name: `Deploy ${key}` }, key],
  ['a job, a key of an object', { jobs: { [`job_${key}`]: {} } }, key],
  ['a branch', { branches: ['main', `release/${key}`] }, key],
  ['a script of a package', { run: `npm run deploy:${key}` }, key],
  ['a file', { file: `docs/deploy-${key}.md` }, key],
  ['an argument', { commands: [`vercel deploy --scope team-${key}`] }, key],
  ['a key without a figure', { name: `Deploy ${letters}` }, letters],
  ['a name in hexadecimal figures', { service: `web-${hex}` }, hex],
])('%s', (_, value, found) => {
  expect(randomNamesIn(value)).toEqual([found])
})

it.each([
  ['a commit that an action is pinned to', { uses: 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8' }],
  ['a digest', { image: `node@sha256:${hex.repeat(2)}`, integrity: `sha512-${key.repeat(3)}==` }],
  ['a commit', { commit: hex, tag: 'deploy-2026-11-30' }],
  ['a file named by its content', { file: `public/assets/application-${hex.repeat(2)}.js` }],
  ['words put together', { name: 'deployProductionAfterEndToEndTests', job: 'build-and-push-image-to-registry-2' }],
  ['short words put together', { name: 'addTaxIdToOrgIfUserIsAdmin', job: 'isValidPayPalIpnUrl' }],
  ['capitals among words', { name: 'parseHTMLElementToXMLNodeMap', job: 'useSSOForACHAndSEPAPayouts' }],
  ['a variable', { name: 'NEXT_PUBLIC_SUPABASE_ANON_KEY_V2' }],
  ['a link', { url: `https://docs.example.com/d/${key}/edit`, text: `see https://docs.example.com/d/${key}/edit` }],
  ['an address', { people: ['ada.lovelace.1815+notifications@users.example.com'] }],
])('leaves %s alone', (_, value) => {
  expect(randomNamesIn(value)).toEqual([])
})
