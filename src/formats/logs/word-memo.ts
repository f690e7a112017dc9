// What was found out about a word, remembered by its bytes: a log says the same few words in every line, and to make text of each of them
// costs more than to read it.

const slots = 1 << 10
/** Bytes of a slot: the length of the word, what was found out, the word. */
const slotSize = 32
const longest = slotSize - 2

const no = 1
const yes = 2

/** Asks about the word `from`…`to` of `bytes`, `ask` only where it is not remembered. One that is too long to remember is answered with yes. */
export const createWordMemo = (ask: (word: string) => boolean) => {
  const memory = Buffer.alloc(slots * slotSize)
  const isThere = (slot: number, bytes: Uint8Array, from: number, length: number): boolean => {
    if (memory[slot] !== length) return false
    for (let at = 0; at < length; at++) if (memory[slot + 2 + at] !== bytes[from + at]) return false
    return true
  }
  return (bytes: Uint8Array, from: number, to: number): boolean => {
    const length = to - from
    if (length > longest) return true
    let hash = length
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0
    const slot = ((hash ^ (hash >>> 15)) & (slots - 1)) * slotSize
    if (!isThere(slot, bytes, from, length)) {
      const word = String.fromCharCode(...bytes.subarray(from, to))
      memory[slot] = length
      memory[slot + 1] = ask(word) ? yes : no
      memory.set(bytes.subarray(from, to), slot + 2)
    }
    return memory[slot + 1] === yes
  }
}
