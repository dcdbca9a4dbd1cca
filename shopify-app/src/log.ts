// The server's log: one JSON line per happening, made of names, numbers and codes only; nothing that came from outside gets in as text.

const PLAIN = /^[\w.:/#-]{0,120}$/;

export type Log = (event: string, facts?: Record<string, unknown>) => void;

/** Logs to `write`; whatever is not a plain name, number or flag prints `[hidden]`. */
export function logTo(write: (line: string) => void): Log {
  return (event, facts = {}) => {
    const line: Record<string, unknown> = { at: new Date().toISOString(), event };
    for (const [name, value] of Object.entries(facts)) line[name] = plain(value);
    write(JSON.stringify(line));
  };
}

/** What may be said of an error: its code, and the kind of error beneath; never its message, which may quote a token or a person. */
export function errorFacts(error: unknown): Record<string, unknown> {
  const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: { code?: unknown; name?: unknown } };
  return { code: code ?? name ?? 'error', beneath: cause?.code ?? cause?.name };
}

function plain(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' && PLAIN.test(value) ? value : '[hidden]';
}
