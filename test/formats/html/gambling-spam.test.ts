// A front page that is gambling under a product's name, and pages that speak of gambling and are meant.
import { describe, expect, it } from 'vitest'
import { placeholderOf } from '../../../src/formats/html/placeholder-page.ts'

const kindOf = (title: string, body: string): string | null =>
  placeholderOf({
    url: 'https://www.coachdash.example/',
    status: 200,
    headers: [['content-type', 'text/html']],
    body: `<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>`,
  })?.kind ?? null

const away = '<a href="https://slot-maxwin88.example/daftar">DAFTAR</a>'

describe('gambling under a name that is not its own', () =>
  it.each([
    [
      'SLOT GACOR: Situs Slot Online Gampang Menang Maxwin',
      `${away}<h1>Slot Gacor Hari Ini</h1><p>Selamat datang di situs slot gacor terpercaya. Nikmati slot Pragmatic Play dan PG Soft. Togel, casino online, sabung ayam dan judi bola tersedia. Deposit pulsa dan bonus new member.</p>`,
    ],
    [
      'Deneme Bonusu Veren Siteler 2026 – Canlı Casino',
      `${away}<h1>Deneme bonusu veren bahis siteleri</h1><p>Canlı casino, rulet ve blackjack oyunları. Slot oyunları ve canlı bahis için deneme bonusu alın. Jackpot kazan.</p>`,
    ],
    [
      'Онлайн казино на деньги',
      `${away}<h1>Лучшие казино и игровые автоматы</h1><p>Казино с бездепозитным бонусом, ставки на спорт, рулетка, слоты и фриспины каждый день. Букмекер года.</p>`,
    ],
    [
      'Best Online Casino 2026',
      `${away}<h1>Online casino with free spins</h1><p>Play slots, roulette and blackjack. Sports betting and poker. No deposit bonus for all, and a jackpot each day.</p>`,
    ],
  ])('%s', (title, body) => expect(kindOf(title, body)).toBe('spam')))

describe('gambling that is meant', () =>
  it.each([
    [
      'CoachDash Casino – slots and roulette',
      '<h1>Coachdash casino</h1><p>Play slots, roulette and blackjack. Sports betting and poker. Free spins, and a jackpot each day.</p>',
    ],
    [
      'Stacklog – your poker bankroll',
      '<h1>Your poker bankroll, in plain numbers</h1><p>Log casino and online sessions, see your hourly rate, and know when to stop. Bonus tracker included. Nothing here is a game; it is a book that you keep, for your tax adviser and for yourself, and it tells you when a limit is reached.</p>',
    ],
    [
      'We clean your site',
      '<h1>Google says that your site may be hacked?</h1><p>Whether it fills with slot, casino, togel or betting links: we clean it today and keep it clean. We compare your pages each hour, and tell in plain words how they came in. 149 € flat, within six hours.</p>',
    ],
    [
      'Slots for your calendar',
      '<h1>Free slots, booked by your clients</h1><p>Offer time slots, and let clients take one. A slot that is cancelled goes to whoever waits. No double bookings, no calls.</p>',
    ],
  ])('%s', (title, body) => expect(kindOf(title, body)).toBe(null)))
