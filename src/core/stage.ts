// The seven stages of the roadmap, in the order a launch goes through them.

export const stages = ['audit', 'dns', 'email', 'deploy', 'perf', 'monitor', 'handover'] as const

/** One stage of the roadmap; also the name of its subcommand. */
export type Stage = (typeof stages)[number]

/** Actions inside a stage that run some of its checks: `launch-ready deploy secrets`. */
export type ActionName =
  | 'deploy ai'
  | 'deploy env'
  | 'deploy migrations'
  | 'deploy secrets'
  | 'email flows'
  | 'email message'
  | 'perf users'
  | 'monitor scan-logs'
  | 'handover verify'
