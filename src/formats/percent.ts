// Percent-encoding (RFC 3986 §2.1).

/** A text with its percent-encoded octets as characters; as it is written where they are no UTF-8. */
export const percentDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
