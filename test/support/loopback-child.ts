// Preloaded into the Node processes that tests start (NODE_OPTIONS, set by loopback-only.ts): the guard holds there too.
import { guard } from './loopback-guard.ts'

guard()
