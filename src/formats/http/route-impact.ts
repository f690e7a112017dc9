// Which journey a route's kind belongs to.

/** Route kind → the journey that breaks when it does. */
export const journeyOf = (kind: unknown): 'payment' | 'signup' | 'login' | 'data' | 'visit' => {
  switch (kind) {
    case 'payment':
    case 'webhook':
      return 'payment'
    case 'signup':
    case 'pricing':
      return 'signup'
    case 'auth':
    case 'dashboard':
    case 'api':
      return 'login'
    default:
      return 'visit'
  }
}
