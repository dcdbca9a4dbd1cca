// PostgreSQL's and the network's errors in our words, and which of them are worth waiting out.

import { EfectivoError } from '../../core.mjs';

const NOTHING = 'Nothing was changed.';
const GONE = ['store_gone', 'the database is away', `${NOTHING} The work waits for it and goes on by itself; if it stays away, start it or check the address in the settings.`, 'later'];
const UNOPENED = ['store_unopened', 'the database could not be opened', 'Check name, user and password in the settings, and that the user may make the schema `efectivo`.', 'no'];

/** By SQLSTATE (PostgreSQL's manual, appendix A), or by its class of two letters. */
const BY_STATE = {
  53100: ['store_full', 'the database’s disk is full', `${NOTHING} Make room; the work goes on by itself.`, 'later'],
  53300: ['store_busy', 'the database takes no more connections', `${NOTHING} Raise max_connections, or make the pools of the processes smaller.`, 'later'],
  53: ['store_busy', 'the database has run out of memory or of another resource', `${NOTHING} Look after the database server; the work goes on by itself.`, 'later'],
  '55P03': ['store_locked', 'somebody else holds what has to be written', `${NOTHING} End the program that holds it (a migration, a forgotten transaction), or try again.`, 'later'],
  57014: ['store_locked', 'the database gave the question up', `${NOTHING} Try again; raise statement_timeout if it happens often.`, 'later'],
  40: ['store_locked', 'two writers got in each other’s way', `${NOTHING} Try again.`, 'later'],
  25006: ['store_read_only', 'the database can only be read', `${NOTHING} It is a standby, or the user may only read: check the address and the user in the settings.`, 'later'],
  22021: ['store_text', 'the text has a sign that the database cannot keep', `${NOTHING} Leave the sign with the number zero out.`, 'no'],
  42501: UNOPENED, '3D000': UNOPENED, 28: UNOPENED,
  XX: ['store_corrupt', 'the database found damage in its files', `${NOTHING} Stop, keep the files, and restore the last backup beside them.`, 'no'],
  '57P': GONE, '08': GONE,
};

const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
/** What `pg` says without a code where a connection ended or was not had in time. */
const AWAY_WORDS = /Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|Query read timeout|server conn crashed/;

/** An error of `pg` in our words; one of ours, or of no database, stays as it is. */
export function storeError(cause) {
  if (cause instanceof EfectivoError) return cause;
  const code = String(cause?.code ?? '');
  if (AWAY.has(code) || AWAY_WORDS.test(cause?.message ?? '')) return said(GONE, cause);
  if (!/^[0-9A-Z]{5}$/.test(code)) return cause;
  const words = BY_STATE[code] ?? BY_STATE[code.slice(0, 3)] ?? BY_STATE[code.slice(0, 2)];
  return said(words ?? ['store_failed', 'the database refused', NOTHING, 'later'], cause);
}

/** Whether nothing but the moment is wrong: the database is away or full of others, or two writers met. */
export function passes(error) {
  return error?.code === 'store_gone' || error?.code === 'store_busy' || String(error?.cause?.code ?? '').startsWith('40');
}

function said([code, message, help, retry], cause) {
  return new EfectivoError({ code, message, help, retry }, { cause });
}
