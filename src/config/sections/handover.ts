// Config: who holds what, who is called, and what was rehearsed.
import * as z from 'zod'

export const handoverSection = z.looseObject({})
