// One record as the zone's servers have it.
import type { RecordData } from './record-data.ts'

export const example: RecordData = { name: 'www.example.com', type: 'CNAME', ttl: 300, data: ['host.example.net'] }
