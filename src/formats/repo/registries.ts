// Registries of images: those that are part of an account at a cloud, and those from which everybody takes them.
import type { Invitation } from './audience.ts'

/** What is pushed there is for the owner of the account. */
const ofAccount =
  /\.dkr\.ecr\.|(?<!\w)(?:gcr\.io|[\w-]{1,40}\.pkg\.dev|\w{1,60}\.azurecr\.io|registry\.(?:heroku\.com|fly\.io|digitalocean\.com))\/|\bamazon-ecr-login\b/

/** Whether a tag of an image, or the text of a pipeline, names the registry of an account. */
export const namesOwnRegistry = (text: string): boolean => ofAccount.test(text)

const pushes = /\bdocker push\b|\bpush:[ \t]*(?:true|["']?\$\{\{)|\s--push\b/

/** The line of a pipeline that publishes an image for everybody; null where it goes to an account's registry, or nowhere. */
export const publishedIn = (text: string): Invitation | null => {
  const seen = text.slice(0, 200_000)
  if (namesOwnRegistry(seen)) return null
  const lines = seen.split('\n')
  const at = lines.findIndex(line => pushes.test(line.slice(0, 2000)) && !/^\s*#/.test(line))
  return at < 0 ? null : { line: at + 1, text: lines[at]!.trim().slice(0, 120) }
}
