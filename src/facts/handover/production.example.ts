// Production of a well-kept product.
import { type Production, soundProduction } from '../../formats/handover/production.ts'

export const example: Production = soundProduction()
