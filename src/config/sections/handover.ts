// Config: who holds what, who is called, and what was rehearsed. The answers file holds the same and wins (formats/handover).
export { handoverShape as handoverSection } from '../../formats/handover/schema.ts'
