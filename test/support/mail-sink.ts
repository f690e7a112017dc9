// A mail server on loopback that takes everything, or answers as it is told.
import { createServer } from 'node:net'
import { onTestFinished } from 'vitest'

/** Port of a server of the test's life. */
export const mailSink = async (
  /** Is handed each mail; what it returns is the answer in place of 250. */
  take: (raw: string) => unknown,
  /** What is answered to a command, or to the beginning of a mail (`a mail`), in place of what is usual; null hangs up. */
  answerTo: (command: string) => string | null | undefined = () => undefined,
): Promise<number> => {
  const server = createServer(socket => {
    let isData = false
    let text = ''
    socket.write('220 mail.example ESMTP\r\n')
    /** Whether the answer was another than usual. */
    const answers = (command: string): boolean => {
      const answer = answerTo(command)
      if (answer === undefined) return false
      if (answer === null) socket.destroy()
      else socket.write(`${answer}\r\n`)
      return true
    }
    socket.on('data', chunk => {
      const said = chunk.toString()
      if (isData) {
        if (text === '' && answers('a mail')) return
        text += said
        if (!text.endsWith('\r\n.\r\n')) return
        isData = false
        const answer = take(text.slice(0, -3))
        text = ''
        socket.write(typeof answer === 'string' ? `${answer}\r\n` : '250 2.0.0 queued\r\n')
      } else if (answers(said.trim())) return
      else if (/^DATA/i.test(said)) {
        isData = true
        socket.write('354 go on\r\n')
      } else if (/^EHLO/i.test(said)) socket.write('250 mail.example\r\n')
      else socket.write(/^QUIT/i.test(said) ? '221 bye\r\n' : '250 ok\r\n')
    })
    socket.on('error', () => {})
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  return (server.address() as { port: number }).port
}
