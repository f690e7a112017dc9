// The key routes of a domain for the examples of checks.
import type { Routes } from './routes.ts'

/** Front page, signup and login. */
export const example: Routes = {
  routes: [
    {
      url: 'https://www.example.com/',
      kind: 'home',
      name: 'home',
      source: 'front-page',
      how: 'front page',
    },
    {
      url: 'https://app.example.com/signup',
      kind: 'signup',
      name: 'signup',
      source: 'link',
      how: 'linked from www.example.com',
    },
    {
      url: 'https://app.example.com/login',
      kind: 'auth',
      name: 'login',
      source: 'link',
      how: 'linked from www.example.com',
    },
  ],
}
