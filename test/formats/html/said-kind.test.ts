// Of what kind it is what a page shows in place of its own: each is mended at another place.
import { describe, expect, it } from 'vitest'
import { bytesWords, saidKind } from '../../../src/formats/html/said-kind.ts'

const cases: [kind: string, words: string][] = [
  ['bytes', bytesWords],
  ['document', 'error on line 3: Opening and ending tag mismatch'],
  ['source', '<?php use Illuminate\\Contracts\\Http\\Kernel'],
  ['source', '{% extends "layouts/marketing.html" %} {% load static %}'],
  ['source', '<%= render "home" %>'],
  ['source', "import { render } from 'preact'"],
  ['pointer', 'version https://git-lfs.github.com/spec/v1 oid sha256:1'],
  ['markup', 'Klarpunkt – checklists<meta name="description" content="Checklists."><meta property'],
  ['markup', '<h1>Plans for coaches</h1><p>Start'],
  ['unfilled', '{{ hero.title }}'],
  ['unfilled', '%VITE_APP_NAME%'],
  ['unfilled', 'home.hero.title'],
  ['unfilled', 'translation missing: en.home.title'],
  ['upkeep', 'Wir sind gleich wieder da'],
  ['upkeep', 'We’ll be back soon'],
  ['upkeep', 'Unser Shop wird gewartet'],
  ['upkeep', 'Site under maintenance'],
  ['notice', 'Account Suspended'],
  ['notice', 'This service has been suspended by its owner.'],
  ['notice', 'There is no site connected to this domain'],
  ['notice', 'Workspace not found'],
  ['notice', 'The domain fieldnotes.example has expired.'],
  ['notice', 'Límite de ancho de banda excedido'],
  ['notice', '402 : PAYMENT_REQUIRED'],
  ['notice', 'Домен не прилинкован ни к одной из директорий на сервере!'],
  ['error', 'SQLSTATE[HY000]'],
  ['error', 'Error establishing a database connection'],
  ['error', 'Application error: a client-side exception has occurred'],
  ['error', 'Fatal error : Uncaught PDOException'],
  ['error', 'Web server is down Error code 521'],
  ['error', 'Erreur lors de la connexion à la base de données'],
  ['error', 'OperationalError at /'],
  ['error', '500 Internal Server Error'],
  ['error', 'Database error: relation "accounts" does not exist'],
]

describe('what a page says', () => it.each(cases)('%s: %s', (kind, words) => expect(saidKind(words)).toBe(kind)))
