// Answers of a zone's servers compared: who is in the majority, and what counts as a difference.
import { describe, expect, it } from 'vitest'
import { disagreementOf, type ServerAnswer } from '../../../src/formats/dns/server-views.ts'

const view = (server: string, data: string | null, more: Partial<ServerAnswer> = {}): ServerAnswer => ({
  server: { name: server, address: '198.51.100.1' },
  status: data === null ? 'NODATA' : 'NOERROR',
  records: data === null ? [] : [{ name: 'example.com', type: 'A', data, ttl: 300 }],
  ...more,
})

describe('answers of several servers', () => {
  it.each<[string, ServerAnswer[]]>([
    ['one server', [view('a', '192.0.2.1')]],
    ['the same from all', [view('a', '192.0.2.1'), view('b', '192.0.2.1')]],
    ['a server that failed', [view('a', '192.0.2.1'), view('b', null, { status: 'failed' })]],
    [
      'other TTLs alone',
      [
        view('a', '192.0.2.1'),
        view('b', null, {
          status: 'NOERROR',
          records: [{ name: 'example.com', type: 'A', data: '192.0.2.1', ttl: 60 }],
        }),
      ],
    ],
  ])('agree: %s', (_, views) => expect(disagreementOf('example.com', views)).toBeNull())

  it.each<[string, ServerAnswer[], string[]]>([
    ['two against one', [view('a', '192.0.2.9'), view('b', '192.0.2.1'), view('c', '192.0.2.1')], ['192.0.2.1']],
    ['one against one: the first', [view('a', '192.0.2.9'), view('b', '192.0.2.1')], ['192.0.2.9']],
    ['an address against none', [view('a', '192.0.2.1'), view('b', '192.0.2.1'), view('c', null)], ['192.0.2.1']],
    ['none in the majority', [view('a', null), view('b', null), view('c', '192.0.2.1')], []],
  ])('differ: %s', (_, views, majority) =>
    expect(disagreementOf('example.com', views)?.majority.map(({ data }) => data)).toEqual(majority),
  )

  it('names each server with its answer, and writes aliases as absolute names', () => {
    const alias = [{ name: 'www.example.com', type: 'CNAME', data: 'host.example.net', ttl: 60 }]
    const views = [view('a', null, { status: 'NOERROR', records: alias }), view('b', null, { status: 'NXDOMAIN' })]
    expect(disagreementOf('www.example.com', views)).toEqual({
      majority: [{ type: 'CNAME', data: 'host.example.net.', ttl: 60 }],
      answers: [
        { server: 'a (198.51.100.1)', content: 'www.example.com CNAME host.example.net' },
        { server: 'b (198.51.100.1)', content: 'NXDOMAIN' },
      ],
    })
  })
})
