// What a zone's servers say of one name, compared: an answer that depends on the server sends some visitors elsewhere.
import { absoluteName } from './name.ts'

/** One server's answer: `status` as in the fact `hostRecords`, `records` without the trailing dot in names. */
export type ServerAnswer = {
  server: { name: string; address: string }
  status: string
  records: readonly { name: string; type: string; data: string; ttl: number }[]
}

export type Disagreement = {
  /** Records of the name in the answer that most servers give, data in presentation format (CNAME with the trailing dot). */
  majority: { type: string; data: string; ttl: number }[]
  /** Each server that answered, with its answer in one line. */
  answers: { server: string; content: string }[]
}

const contentOf = ({ records, status }: ServerAnswer): string =>
  records.map(({ name, type, data }) => `${name} ${type} ${data}`).join(', ') || status

/** Null where the servers that answered agree. TTLs are not compared. */
export const disagreementOf = (host: string, views: readonly ServerAnswer[]): Disagreement | null => {
  const answers = views.filter(({ status }) => status !== 'failed').map(view => ({ view, content: contentOf(view) }))
  const votes = Map.groupBy(answers, ({ content }) => content)
  if (votes.size < 2) return null
  // Map keeps the order of the servers: of equally frequent answers the first one counts.
  const most = [...votes.values()].reduce((best, group) => (group.length > best.length ? group : best))
  return {
    majority: most[0]!.view.records
      .filter(({ name }) => name === host)
      .map(({ type, data, ttl }) => ({ type, data: type === 'CNAME' ? absoluteName(data) : data, ttl })),
    answers: answers.map(({ view: { server }, content }) => ({
      server: `${server.name} (${server.address})`,
      content,
    })),
  }
}
