// What a run says where this machine was busy: true, and no matter of most tests.
const busy = /^this machine was busy: .*\n?/gm

export const withoutBusyLine = (err: string): string => err.replace(busy, '')

export const saysBusy = (notes: readonly string[]): boolean => notes.some(note => withoutBusyLine(note) !== note)
