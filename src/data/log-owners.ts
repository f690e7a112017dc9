// Whose a name or an address is: words before `.name`, and names of objects that hold one. Sources: the objects of Stripe, Shopify,
// Paddle and PayPal; the Elastic Common Schema; the semantic conventions of OpenTelemetry, as of 2026-11.
import type { LogKind } from './log-names.ts'

/** `people`: nobody but a person, or who pays. `accounts`: programs and machines have such a name as well. */
export const owners: Readonly<Record<'people' | 'accounts', readonly string[]>> = {
  people: [
    ...['customer', 'patient', 'recipient', 'cardholder', 'card_holder', 'accountholder', 'account_holder', 'employee'],
    ...['guest', 'subscriber', 'buyer', 'shopper', 'payer', 'passenger', 'student', 'person', 'billing', 'shipping'],
    ...['beneficiary', 'applicant', 'attendee', 'invitee', 'traveller', 'traveler', 'shipto', 'billto', 'ship_to'],
    ...['bill_to', 'consignee', 'purchaser', 'debtor', 'creditor'],
  ],
  accounts: [
    ...['user', 'contact', 'member', 'sender', 'author', 'owner', 'profile', 'client', 'account', 'lead', 'payee'],
    'address',
  ],
}

/** What a number is of: an order has one as well. */
export const numbered: Readonly<Partial<Record<LogKind, readonly string[]>>> = {
  card: ['card', 'creditcard', 'credit_card', 'debitcard', 'debit_card', 'paymentcard', 'payment_card'],
  phone: ['phone', 'mobile', 'telephone', 'whatsapp'],
  'national-id': ['passport', 'identity', 'id_card', 'idcard', 'driving_license', 'drivers_license'],
}

/** Names that say what they hold where an owner is known. */
export const ownedNames: Readonly<Record<'name' | 'address', readonly string[]>> = {
  name: ['name', 'first', 'last', 'displayname', 'display_name'],
  address: ['address', 'line1', 'line2', 'address1', 'address2', 'street1', 'street2'],
}
