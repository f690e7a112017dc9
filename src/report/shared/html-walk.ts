// How far a first customer gets, and where what people say and what was seen part, as parts of the HTML report.
import type { Report } from '../../core/report.ts'
import { items, section, text } from './html-text.ts'

/** The one sentence that a founder wants. */
export const firstCustomerSection = ({ firstCustomer }: Report): string =>
  firstCustomer ? section('walk', 'A first customer', '', `<p>${text(firstCustomer.sentence, 500)}</p>`) : ''

/** Both sides of each contradiction. */
export const contradictionsSection = ({ contradictions = [] }: Report): string =>
  section(
    'contradictions',
    'What is said and what was seen',
    'They part here: put right what is said, or what is done',
    items(
      contradictions.map(
        ({ said, seen, place }) =>
          `<b>Said:</b> ${text(said, 400)}. <b>Seen:</b> ${text(seen, 400)}. <span class="refs">${text(place, 200)}</span>`,
      ),
      'contradictions',
    ),
  )
