// The host's log: one JSON line per happening, made of names, numbers and codes only; no text from outside gets in.

const PLAIN = /^[\w.:/-]{0,120}$/;

/** Logs to `write` (a function of one line); what is not a plain name, number or flag prints `[hidden]`. */
export function logTo(write) {
  return (event, facts = {}) => {
    const line = { at: new Date().toISOString(), event };
    for (const [name, value] of Object.entries(facts)) line[name] = plain(value);
    write(JSON.stringify(line));
  };
}

/** What may be said of an error: its code, and the kind of error beneath. */
export function errorFacts(error) {
  return { code: error?.code ?? error?.name ?? 'error', beneath: error?.cause?.code ?? error?.cause?.name };
}

function plain(value) {
  if (value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' && PLAIN.test(value) ? value : '[hidden]';
}
