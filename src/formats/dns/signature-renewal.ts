// When a zone's signatures should have been renewed, by how much of their life is left.

/** Signers renew at a quarter or a half of a signature's life: less than this share left means that nobody does. */
const lateShare = 0.1

/** Whether the signature should have been renewed by `now`. All in seconds since the epoch. */
export const isOverdue = (signature: { inception: number; expiration: number }, now: number): boolean =>
  signature.expiration - now < lateShare * (signature.expiration - signature.inception)

/** `3 days`, `5 hours`: whole units, from two days on in days; never negative. */
export const timeLeft = (seconds: number): string =>
  seconds >= 172_800 ? `${Math.floor(seconds / 86_400)} days` : `${Math.max(0, Math.floor(seconds / 3600))} hours`
