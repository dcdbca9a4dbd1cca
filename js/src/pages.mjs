// The shopper's page over HTTP: what the core renders, at an address that nobody guesses, and the three requests that a shopper can make there.

const text = new TextEncoder();

/** What a shopper can press, by the last part of the address. */
const REQUESTS = { check: 'check_now', mail: 'mail_again', nuevo: 'new_code' };
/** How often a visit runs a due wake. */
const VISIT_WAKES_MS = 60_000;
/** Within a minute: looks at one page, presses on one page, and addresses that don't exist from one peer. */
const LIMITS = { look: 120, press: 12, miss: 30 };

/** `answer(path, request)`: `path` is `<token>` or `<token>/<part>`. */
export function makePages({ core, store, settings, places, loop, clock, back, crowded = crowd() }) {
  const visited = new Map();

  async function answer(path, { method = 'GET', peer = '' } = {}) {
    const [token, part = '', beyond] = path.split('?')[0].replace(/^\//, '').split('/');
    const id = beyond === undefined && /^[\w-]{16,80}$/.test(token) ? await store.holder(`page:${token}`) : null;
    if (!id) return crowded(`miss ${peer}`, LIMITS.miss) ? lost('crowded') : lost('missing');
    const request = REQUESTS[part];
    if (request) return method === 'POST' ? press(id, token, request) : plain(405, [['allow', 'POST']]);
    if (method !== 'GET' && method !== 'HEAD') return plain(405, [['allow', 'GET, HEAD']]);
    if (crowded(`look ${token}`, LIMITS.look)) return lost('crowded');
    return show(id, part);
  }

  /** There is no page: the core says so in the shop's language, and what to do. */
  function lost(why) {
    const status = { missing: 404, crowded: 429 }[why];
    const page = rendered(core.call('page_lost', { settings, why }));
    return { ...page, status, headers: [...page.headers, ...(why === 'crowded' ? [['retry-after', '60']] : [])] };
  }

  async function show(id, part) {
    await visit(id);
    const { case: kase } = await store.load(id);
    const now = clock.now();
    if (part === '') return rendered(core.call('page', { settings, case: kase, now, channels: places, email_masked: await masked(id), back_url: (await back?.(kase.order)) ?? '' }));
    if (part === 'calendar.ics') return rendered(core.call('calendar', { settings, case: kase }));
    if (part === 'status') {
      const status = core.call('page_status', { settings, case: kase, now }).ok;
      return { status: 200, headers: [['content-type', 'application/json'], ['cache-control', 'no-store'], ['x-robots-tag', 'noindex']], body: text.encode(JSON.stringify(status)) };
    }
    return lost('missing');
  }

  async function press(id, token, request) {
    if (crowded(`press ${token}`, LIMITS.press)) return lost('crowded');
    await loop.take(id, { shopper: request });
    return plain(303, [['location', `${settings.shop.page_url}/${token}`]]);
  }

  /** A shopper who looks at the page brings a due wake forward, should no timer have run. */
  async function visit(id) {
    const now = clock.now();
    if (now - (visited.get(id) ?? 0) < VISIT_WAKES_MS) return;
    if (visited.size > 10_000) visited.clear();
    visited.set(id, now);
    const loaded = await store.load(id);
    if (loaded.case.wake_at !== null && loaded.case.wake_at <= now) await loop.take(id, 'wake');
  }

  async function masked(id) {
    const email = (await store.person(id))?.email ?? '';
    const at = email.lastIndexOf('@');
    return at > 0 ? `${email[0]}•••${email.slice(at)}` : '';
  }

  return { answer };
}

/** Counts within the minute that runs; says whether there were too many. */
export function crowd() {
  let minute = 0;
  const counts = new Map();
  return (name, most) => {
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute || counts.size > 50_000) counts.clear();
    minute = now;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts.get(name) > most;
  };
}

function rendered({ ok, bytes }) {
  return { status: 200, headers: ok.headers, body: bytes };
}

function plain(status, headers = []) {
  return { status, headers: [...headers, ['content-type', 'text/plain; charset=utf-8'], ['cache-control', 'no-store'], ['x-robots-tag', 'noindex']], body: text.encode(`${status}\n`) };
}
