// The actions of `monitor`.
import type { Action } from '../actions.ts'

export const monitorActions: Action[] = []
