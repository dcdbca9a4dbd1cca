// The conformance scripts of tests/host on this host: PHP workers over MariaDB inside a real shop, killed where a script says.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { parts, startSite } from './support/site.mjs';

const FOLDER = new URL('../../tests/host/', import.meta.url);
const MINUTE_MS = 60_000;
const made = await parts();
const skip = made.missing?.join('; ') ?? false;
let site;

before(async () => {
  if (skip) return;
  site = await startSite(made);
  writeFileSync(`${site.root}/lease`, '1');
  site.tell('setting', 'providers', ['sandbox', 'pagoefectivo', 'dlocal']);
});
after(async () => { await site?.stop(); });

/** One run of a script; `point` is where it crashes, or empty. */
async function run({ provider, steps }, point) {
  const crash = `${site.root}/crash`;
  let [armed, died] = [false, false];
  rmSync(crash, { force: true });
  writeFileSync(`${site.root}/asked`, provider === 'sandbox' ? provider : `${provider}-sandbox`);
  site.tell('reset');
  for (const step of steps) {
    if (step.expect) {
      compare(step.expect);
    } else if (step.crash) {
      site.crash(point, step.crash);
      armed = true;
    } else {
      outside(step);
      if (!armed || died) { site.tell('script', step); continue; }
      const { signal } = await site.beside('script', step);
      if (signal !== 'SIGKILL') continue;
      died = true;
      site.tell('script', step);
    }
  }
  assert.equal(died, point !== '', 'the point was reached');
  assert.ok(!existsSync(crash));
}

/** What happens around the host, whether it lives or not. */
function outside(step) {
  const act = (what) => site.tell('outside', what);
  const newest = () => site.tell('report').codes[0].digits;
  if (step.wind_minutes) site.wind(step.wind_minutes * MINUTE_MS);
  if (step.trouble) act({ trouble: { kind: step.trouble, count: 1, matching: step.path ?? '' } });
  if (step.pay?.notice) act({ notices: { rule: step.pay.notice, count: 1 } });
  if (step.pay) act({ pay: { code: newest(), amount: step.pay.amount ? { minor: step.pay.amount, currency: 'PEN' } : null } });
  if (step.reverse) act({ reverse: { code: newest() } });
}

function compare(expected) {
  const { case: kase, codes, paid, cancelled } = site.tell('report');
  const open = ({ reviews }) => reviews.filter(({ closed }) => !closed).map(({ kind }) => kind);
  assert.deepEqual({ state: kase.state, codes: codes.length, paid, cancelled, reviews: open(kase.doc) }, expected);
  assert.deepEqual([kase.rebuilt.state, open(kase.rebuilt)], [kase.state, open(kase.doc)], 'the journal tells the same story');
}

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.json')).sort()) {
  const script = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
  for (const point of script.crash_at ?? ['']) {
    test(`${file.replace('.json', '')}${point && `, ${point}`}: ${script.about}`, { skip }, () => run(script, point));
  }
}
