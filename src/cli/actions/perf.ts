// The actions of `perf`.
import type { Action } from '../actions.ts'

export const perfActions: Action[] = []
