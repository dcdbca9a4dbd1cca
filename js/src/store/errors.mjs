// What a store throws: each with what a person can do; whatever was being written is not there, and the case is as it was.

import { EfectivoError } from '../core.mjs';

/** Somebody else wrote the case, a channel or an output first: load again and handle again. */
export class StoreConflict extends Error {
  /** @param {'case' | 'channel' | 'output' | 'key'} what @param {string} [holder] the case that holds a key */
  constructor(what, holder = '') {
    super(`the ${what} was written by somebody else in between`);
    this.name = 'StoreConflict';
    this.what = what;
    this.holder = holder;
  }
}

const BY_SQLITE_CODE = {
  5: ['store_locked', 'the database is locked by another program', 'Nothing was changed. Close the program that holds it (a backup, a database browser), or try again.', 'later'],
  6: ['store_locked', 'the database is locked', 'Nothing was changed. Try again.', 'later'],
  8: ['store_read_only', 'the database can only be read', 'Nothing was changed. Give this program the right to write to the data folder.', 'no'],
  10: ['store_disk', 'the disk could not be read or written', 'Nothing was changed. Look after the disk, then start again.', 'later'],
  11: ['store_corrupt', 'the database file is damaged', 'Nothing was changed. Stop, keep the file, and restore the last backup beside it.', 'no'],
  13: ['store_full', 'the disk is full', 'Nothing was changed. Make room; the work goes on by itself.', 'later'],
  14: ['store_unopened', 'the database could not be opened', 'Check that the data folder exists and may be written to.', 'no'],
  26: ['store_corrupt', 'the file is not a database', 'Nothing was changed. Check the data folder in the settings, or restore the last backup.', 'no'],
};

/** SQLite's error in our words; anything else stays as it is. */
export function storeError(cause) {
  if (cause?.code !== 'ERR_SQLITE_ERROR') return cause;
  const [code, message, help, retry] = BY_SQLITE_CODE[cause.errcode & 0xff] ?? ['store_failed', 'the database refused', 'Nothing was changed.', 'later'];
  return new EfectivoError({ code, message, help, retry }, { cause });
}

/** Does `work`; what SQLite throws is said in our words. */
export function guarded(work) {
  try {
    return work();
  } catch (error) {
    throw storeError(error);
  }
}

/** A file written by a newer version of this package. */
export function newerStore(found, known) {
  return new EfectivoError({
    code: 'store_newer',
    message: `the database has shape ${found}; this version knows ${known}`,
    help: 'Nothing was changed. Install the version that wrote it, or a newer one.',
  });
}
