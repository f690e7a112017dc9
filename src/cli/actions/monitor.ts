// The actions of `monitor`.
import type { Action } from '../actions.ts'
import { monitorViewActions } from './monitor-view.ts'

export const monitorActions: Action[] = [...monitorViewActions]
