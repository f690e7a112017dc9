// What a command of a script or a step of a pipeline does, as far as the checks care.

export type CommandKind =
  | 'install'
  | 'build'
  | 'test'
  | 'migrate'
  | 'push-schema'
  | 'deploy'
  | 'smoke'
  | 'dev-server'
  | 'serve'
  | 'image'
  | 'restart'
