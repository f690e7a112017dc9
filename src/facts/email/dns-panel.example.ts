// Who runs the DNS of a sound domain.
import type { DnsPanelFact } from './dns-panel.ts'

/** Name servers of its own: no provider whose form is known. */
export const example: DnsPanelFact = { nameservers: ['ns1.coachdash.example'], provider: null }
