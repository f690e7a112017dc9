// The actions of `handover`.
import type { Action } from '../actions.ts'

export const handoverActions: Action[] = []
