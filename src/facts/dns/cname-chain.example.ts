// An alias of one step.
import type { CnameChain } from './cname-chain.ts'

export const example: CnameChain = { name: 'www.example.com', targets: ['host.example.net'], loop: false }
