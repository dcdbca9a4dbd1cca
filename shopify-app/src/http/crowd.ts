// Counts what happens within the minute that runs, so that one address or one order can't take the server's whole time.

const MINUTE_MS = 60_000;
/** Names that are counted at once; above it the minute begins anew. */
const MOST_NAMES = 50_000;

/** Says whether `name` came more than `most` times in this minute. */
export function crowd(): (name: string, most: number) => boolean {
  let minute = 0;
  const counts = new Map<string, number>();
  return (name, most) => {
    const now = Math.floor(Date.now() / MINUTE_MS);
    if (now !== minute || counts.size > MOST_NAMES) counts.clear();
    minute = now;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count > most;
  };
}
