/** A text as a part of a regular expression (without the flag `u`) that stands for itself. */
export const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&')
