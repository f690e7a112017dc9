// A zone signed with one Ed25519 key, its signatures valid in November and December 2026.
import type { DnssecChain } from './dnssec-chain.ts'

const key = {
  flags: 257,
  protocol: 3,
  algorithm: 15,
  publicKey: 'wuhzXzSqu7WiOJ0H5Z0gJ0GPk3m5q+kpC8jC2YSlYL4=',
  keyTag: 39841,
}
const signature = (typeCovered: string, text: string) => ({
  name: 'example.com',
  type: 'RRSIG',
  ttl: 0,
  data: '',
  fields: {
    typeCovered,
    algorithm: 15,
    labels: 2,
    originalTtl: 3600,
    expiration: 1798761600,
    inception: 1793491200,
    keyTag: key.keyTag,
    signer: 'example.com',
    signature: text,
  },
})
const answer = (answers: DnssecChain['probes'][number]['answers'][number]['answers']) => ({
  from: 'ns1.example.com (192.0.2.53)',
  rcode: 'NOERROR',
  authoritative: true,
  answers,
  authorities: [],
})

/** The chain, anchored at the zone's own key. */
export const example: DnssecChain = {
  zone: 'example.com',
  anchors: [
    {
      name: 'example.com',
      keyTag: key.keyTag,
      algorithm: 15,
      digestType: 2,
      digest: '533c0fec0ade1e9ec7a2b263a466061256633c87e29ad26d72e669268d867ca8',
    },
  ],
  links: [
    {
      name: 'example.com',
      ds: [],
      keys: [
        answer([
          { name: 'example.com', type: 'DNSKEY', ttl: 0, data: '', fields: key },
          signature(
            'DNSKEY',
            'WCuM36e7T2h+TRZEo6N8nguG7wELNhTOQzIBNZ9SPDxhgr5E0qhE/q+NIH0B+RGofYZRE2zwiWCCCssD8nD+Ag==',
          ),
        ]),
      ],
    },
  ],
  probes: [
    {
      name: 'example.com',
      type: 'SOA',
      answers: [
        answer([
          {
            name: 'example.com',
            type: 'SOA',
            ttl: 0,
            data: 'ns1.example.com hostmaster.example.com 1 7200 3600 1209600 300',
          },
          signature('SOA', '0vBb6cMXFNUG2m/8Pbnrm73b+IK7ZucrJ2wtUuwhAT2kjcidjXthC3LmRP67x2hSoJXqH/D4dKGuJs88rNAoAA=='),
        ]),
      ],
    },
  ],
}

/** The same, when the anchor stands for another key than the zone's. */
export const withReplacedKey: DnssecChain = {
  ...example,
  anchors: example.anchors.map(anchor => ({ ...anchor, keyTag: 1 })),
}

/** No anchor and no probe; `ds` are the parent's answers on whether the zone is signed. */
const linkedBy = (ds: DnssecChain['links'][number]['ds']): DnssecChain => ({
  zone: 'example.com',
  anchors: [],
  links: [{ name: 'example.com', ds, keys: [] }],
  probes: [],
})

/** The parent's own server says that there is no DS record. */
export const withoutDs = linkedBy([{ ...answer([]), from: 'a.gtld-servers.net' }])

/** Nobody could be asked. */
export const unasked = linkedBy([])
