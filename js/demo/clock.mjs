// The demo's clock: real time plus what it was wound forward, kept on disk before it counts.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A clock over a folder; it only goes forward. `wound` is told after each winding. */
export function demoClock(folder, wound = () => {}) {
  const file = join(folder, 'clock.json');
  let { ahead_ms } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { ahead_ms: 0 };
  const now = () => Date.now() + ahead_ms;

  function keep(next) {
    const handle = openSync(`${file}.new`, 'w');
    writeSync(handle, JSON.stringify({ ahead_ms: next }));
    fsyncSync(handle);
    closeSync(handle);
    renameSync(`${file}.new`, file);
    ahead_ms = next;
    return wound();
  }

  return {
    now,
    advance: (ms) => (ms > 0 ? keep(ahead_ms + ms) : undefined),
    windTo: (at) => (at > now() ? keep(ahead_ms + at - now()) : undefined),
  };
}
