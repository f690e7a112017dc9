// Which fields and values of a record are about a person: names of fields, addresses, account numbers, password hashes, keys.
import { scanText } from '../secrets/scan.ts'

const personalField =
  /^(?:(?:customer|client|user|owner|contact|billing|recipient|member|patient|student|subscriber|account|shipping|guest)[-_ ]?)?(e[-_]?mail([-_ ]?address)?|(first|last|full|display|given|family|sur)[-_ ]?name|phone([-_ ]?number)?|mobile|street|address([-_ ]?line[-_ ]?\d?)?|zip([-_ ]?code)?|postal[-_ ]?code|birth[-_ ]?(day|date)|date[-_ ]?of[-_ ]?birth|dob|ssn|iban|tax[-_ ]?id|weight|diagnosis|salary|vorname|nachname|familienname|geburts(?:datum|tag)|telefon(?:nummer)?|handynummer|pr[ée]nom|nom[-_]?de[-_]?famille|date[-_]?(?:de[-_]?)?naissance|apellidos?|fecha[-_]?(?:de[-_]?)?nacimiento|cognome|data[-_]?(?:di[-_]?)?nascita|voornaam|achternaam|geboortedatum|nazwisko|password([-_ ]?hash)?|stripe[-_]?customer([-_]?id)?)$/i

/** Fields in which people are written to, whatever else they name: a person's mailbox in them is one. */
const mailField =
  /^(?:from|to|cc|sender|recipient|courriel|correo(?:[-_ ]?electr[óo]nico)?|e?[-_]?post|adresse[-_ ]?(?:e?-?mail|mail)|mail)$/i
/** How to reach people in other languages, which places have too: they count beside a person's own fields. */
const reachField =
  /^(?:t[ée]l[ée]phone|tel[ée]fono|telefoon|telefone|celular|portable|m[óo]vil|handy|adresse|direcci[óo]n|indirizzo|endere[çc]o|adres|anschrift|stra[ßs]+e|plz|c[óo]digo[-_ ]?postal|code[-_ ]?postal|dni|nif|nie|cpf|bsn|pesel|codice[-_ ]?fiscale)$/i

/** Headings of a table of people, in the languages of small products. */
const columnOfPeople =
  /^(?:e-?mail(?:[- ]?adresse)?|courriel|correo(?: electr[óo]nico)?|(?:vor|nach|familien)?name|nom|pr[ée]nom|nombre|apellidos?|cognome|nome|naam|imi[ęe]|nazwisko|customer|client|kunde|patient(?:in)?|telefon(?:nummer)?|t[ée]l[ée]phone|tel[ée]fono|telefoon|phone|mobile|handy|adresse|direcci[óo]n|indirizzo|adres|anschrift|stra[ßs]+e|plz|geburtsdatum|date de naissance|fecha de nacimiento|iban)$/i

/** Mailboxes of an office, which are published on purpose. */
export const officeMailbox =
  /^(info|hello|hi|contact|support|help|sales|team|office|admin|press|jobs|careers|privacy|legal|security|abuse|billing|noreply|no-reply|kontakt|contacto|contact-us|postmaster|webmaster)@/i
const mailbox = /^[^\s@<>"']{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i

export const isPersonalName = (name: string): boolean => personalField.test(name.trim())
export const isColumnOfPeople = (heading: string): boolean =>
  isPersonalName(heading) || columnOfPeople.test(heading.trim())

/** Whether a number is a bank account's: by its country, length and checksum (ISO 13616-1 §6). */
export const isIban = (given: string): boolean => {
  const value = given.replace(/[ -]/g, '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(value)) return false
  const digits = `${value.slice(4)}${value.slice(0, 4)}`.replace(/[A-Z]/g, letter => String(letter.charCodeAt(0) - 55))
  let rest = 0
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}

/** What a password is stored as: bcrypt, Argon2, scrypt, PBKDF2 as Django and Werkzeug write it, crypt. */
const hash =
  /^(?:\$2[abxy]\$\d{2}\$[./A-Za-z0-9]{53}|\$argon2(?:id|i|d)\$v=|\$scrypt\$|\$(?:5|6|y|7)\$|pbkdf2[_:]sha\d+[$:]|scrypt:\d+:\d+:\d+\$|\{SSHA\d*\}|sha1\$|bcrypt_sha256\$)/

const isKey = (name: string, value: string): boolean =>
  /^[\w.~+/=:-]{16,}$/.test(value) &&
  /\d/.test(value) &&
  !/csrf|xsrf|nonce|public|publishable|anon/i.test(name) &&
  scanText(`${name}="${value}"`, { path: '/answer.json', where: 'bundle', maxHits: 1 }).some(
    hit => hit.class === 'live' && hit.confidence !== 'possible',
  )

/** Whether a value alone is nobody else's business: a stored password, a bank account, a key. */
export const isPrivateValue = (name: string, value: unknown): boolean =>
  typeof value === 'string' && value.length < 4096 && (hash.test(value) || isIban(value) || isKey(name, value))

const anonymousName =
  /^(?:guest|anonymous|anon|visitor|gast|invit[ée]|invitado|ospite|convidado|bezoeker)(?:[\s_-]?(?:user|customer|account|kunde)?[\s_-]?\w{0,12})?$/i

/** Whether a record is that of a visitor without an account: what a server makes for whoever asks. */
export const isAnonymous = (item: Record<string, unknown>): boolean =>
  Object.entries(item).some(([name, value]) => {
    if (/^(?:is[-_]?)?(?:guest|anonymous|anon|visitor)$/i.test(name)) return value === true
    if (/^(?:is[-_]?)?(?:authenticated|logged[-_]?in|signed[-_]?in)$/i.test(name)) return value === false
    if (typeof value !== 'string') return false
    if (/^(?:role|type|kind|status|user[-_]?type|account[-_]?type|provider)$/i.test(name))
      return /^(?:guest|anonymous|anon|visitor)$/i.test(value)
    if (/name$/i.test(name)) return anonymousName.test(value)
    return /mail$/i.test(name) && /^(?:guest|anonymous|anon|visitor)[\w.+-]*@|@(?:guest|anonymous|anon)\b/i.test(value)
  })

/** Whether a record is a manual's: its mailbox stands below a domain that is kept for examples (RFC 2606 §3). */
export const isExample = (item: Record<string, unknown>): boolean =>
  Object.values(item).some(value => typeof value === 'string' && /@(?:[\w-]+\.)*example\.(?:com|org|net)$/i.test(value))

/** Fields of what is a business or a place, whose address and telephone are published. */
const officeField =
  /^(?:company|company_?name|organi[sz]ation|shop|store|branch|support_?e?mail|opening_?(?:hours|times)|vat_?(?:id|number))$/i

/** Collections of places of a business, each with a mailbox and a telephone of its own. */
const places =
  /^(?:branch(?:es)?|offices?|stores?|shops?|locations?|departments?|dealers?|stations?|clinics?|studios?|venues?|outlets?|filialen?|standorte?|agences?|sucursal(?:es)?|sedi|sedes?)$/i
const placeField =
  /^(?:opening[_ ]?(?:hours|times)|(?:branch|office|store|department|dealer|filiale?|standort|agence|sucursal)(?:[_ ]?(?:id|name|code|no|number))?|lat(?:itude)?|lng|lon(?:gitude)?|geo|coordinates|[öo]ffnungszeiten)$/i
const personName = /^(?:\w+[_ -]?)?(?:first|last|full|given|family|sur|display)[_ -]?name$/i

export const isPlaceHeading = (heading: string): boolean => placeField.test(heading.trim())

/** Whether a record is a business's or one of its places': nobody's name, and what a place has, or a mailbox named for it. */
const isPlace = (item: Record<string, unknown>, of: string): boolean => {
  if (Object.keys(item).some(name => personName.test(name))) return false
  if (places.test(of) || Object.keys(item).some(isPlaceHeading)) return true
  const values = Object.entries(item).flatMap(([name, value]) =>
    /^(?:city|town|region|country|slug|title|team|location)$/i.test(name) && typeof value === 'string'
      ? [value.toLowerCase().replace(/\W+/g, '')]
      : [],
  )
  return Object.values(item).some(
    value =>
      typeof value === 'string' &&
      mailbox.test(value) &&
      values.includes(value.split('@')[0]!.toLowerCase().replace(/\W+/g, '')),
  )
}

/** What a key is named where it is listed for its owner. */
const keyName =
  /^(?:(?:api|access|secret|private|client|auth|refresh|bearer|webhook|signing)[_-]?(?:key|token|secret)|token|secret)$/i
const ofOwner =
  /^(?:(?:user|owner|account|customer|client|member|team|org(?:ani[sz]ation)?|workspace|tenant)[_-]?(?:id|name)?|e-?mail|last[_-]?used(?:[_-]?at)?|scopes?|permissions|revoked(?:[_-]?at)?)$/i

/** Whether a record is of whoever works there: by a mailbox of the site's own domain, and at most a person's name. */
export const isOwnStaff = (item: Record<string, unknown>, isOwn: (host: string) => boolean): boolean => {
  const boxes = Object.values(item).filter((value): value is string => typeof value === 'string' && mailbox.test(value))
  const names = Object.keys(item).filter(isPersonalName)
  const isReachable = names.every(name => /mail|name$/i.test(name))
  return (
    boxes.length > 0 &&
    boxes.every(box => isOwn(box.slice(box.indexOf('@') + 1))) &&
    (isReachable || !names.some(name => personName.test(name))) &&
    !Object.entries(item).some(([name, value]) => isPrivateValue(name, value))
  )
}

/** A key beside its owner or its history: what an app hands to every browser has neither. */
const isOwnedKey = (item: Record<string, unknown>, name: string, value: unknown): boolean =>
  keyName.test(name) &&
  typeof value === 'string' &&
  /^(?=.*\d)(?=.*[a-z])[\w.~+/=:-]{20,}$/i.test(value) &&
  !/^(?:pk_|pub|AIza|phc_)/.test(value) &&
  Object.keys(item).some(other => ofOwner.test(other))

/** The personal fields of one record: an address of a person, at least two other fields that are filled, or a value that is private. */
export const personalFields = (item: Record<string, unknown>, of = ''): string[] => {
  const own = Object.entries(item).filter(
    ([name, value]) => isPrivateValue(name, value) || isOwnedKey(item, name, value),
  )
  const filled = Object.entries(item).filter(
    ([, value]) => typeof value === 'number' || (typeof value === 'string' && value.trim() !== ''),
  )
  const named = filled.filter(
    ([name, value]) =>
      isPersonalName(name) || (mailField.test(name) && typeof value === 'string' && mailbox.test(value)),
  )
  const fields = named.length ? [...named, ...filled.filter(([name]) => reachField.test(name))] : named
  const isPerson = fields.some(
    ([, value]) => typeof value === 'string' && mailbox.test(value) && !officeMailbox.test(value),
  )
  const isNamed = fields.some(([name]) => /name$/i.test(name))
  const isOffice =
    fields.some(([, value]) => typeof value === 'string' && officeMailbox.test(value)) ||
    (!isNamed && Object.keys(item).some(name => officeField.test(name)))
  // An account number that stands alone is one to which people are to pay.
  const isPrivate = own.some(([, value]) => !isIban(String(value))) || (own.length > 0 && isPerson)
  const isTold = (isPerson || (fields.length >= 2 && !isOffice)) && !isPlace(item, of)
  return isPrivate || isTold ? [...new Set([...own, ...fields].map(([name]) => name))] : []
}
