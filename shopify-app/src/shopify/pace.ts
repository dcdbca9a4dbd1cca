// Shopify's bucket of points for one app at one shop: questions wait in line until there are points for them, and those that can wait leave half of it to the others.

import { slowDown, type ShopifyError } from './errors.ts';

/** What an answer says of its cost; the bucket refills by `restoreRate` points a second [facts/shopify.md §1.1]. */
export interface Cost {
  requestedQueryCost?: number;
  throttleStatus?: { maximumAvailable?: number; currentlyAvailable?: number; restoreRate?: number };
}

/** How long a question waits for its turn at most; then the work is done again later. */
const WAITS_MS = { urgent: 20_000, patient: 60_000 };
/** The share of the bucket that patient questions leave. */
const LEFT_BY_THE_PATIENT = 0.5;
/** The line is looked at this often at least: others spend from the same bucket, and the clock may be set. */
const LOOK_MS = 1_000;
const AT_LEAST_MS = 20;

export type Hurry = keyof typeof WAITS_MS;

export interface Pace {
  /** Resolves when there are points for the document; what it resolves to has to be told what the answer said of its cost, or `undefined`. @throws ShopifyError `throttled` */
  turn(document: string, hurry: Hurry, since: number): Promise<(cost?: Cost) => void>;
}

type Waiting = { cost: number; hurry: Hurry; until: number; go(): void; fail(error: ShopifyError): void };

/** Nothing is known of a bucket before the first answer: until then nobody waits. */
export function makePace(clock: { now(): number }): Pace {
  const costs = new Map<string, number>();
  const line: Record<Hurry, Waiting[]> = { urgent: [], patient: [] };
  let bucket: { left: number; most: number; rate: number; at: number } | null = null;
  let under_way = 0;
  let timer: NodeJS.Timeout | null = null;

  async function turn(document: string, hurry: Hurry, since: number): Promise<(cost?: Cost) => void> {
    const cost = costs.get(document) ?? 0;
    await new Promise<void>((go, fail) => {
      line[hurry].push({ cost, hurry, until: since + WAITS_MS[hurry], go, fail });
      move();
    });
    return (said) => over(document, cost, said);
  }

  function over(document: string, cost: number, said: Cost | undefined): void {
    under_way -= cost;
    if (said?.requestedQueryCost) costs.set(document, said.requestedQueryCost);
    const { maximumAvailable: most, currentlyAvailable: left, restoreRate: rate } = said?.throttleStatus ?? {};
    if (most && left !== undefined && rate) bucket = { left: left - under_way, most, rate, at: clock.now() };
    move();
  }

  /** Lets go whoever can pay, in order; the hurried before the patient. */
  function move(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    giveUp();
    for (let next = line.urgent[0] ?? line.patient[0]; next; next = line.urgent[0] ?? line.patient[0]) {
      const missing = missingFor(next);
      if (missing > 0) {
        timer = setTimeout(move, Math.max(Math.min((missing * 1_000) / (bucket?.rate ?? 1), LOOK_MS), AT_LEAST_MS));
        return;
      }
      line[next.hurry].shift();
      under_way += next.cost;
      if (bucket) bucket.left -= next.cost;
      next.go();
    }
  }

  function missingFor({ cost, hurry }: Waiting): number {
    if (!bucket) return 0;
    const now = clock.now();
    bucket.left = Math.min(bucket.most, bucket.left + (Math.max(0, now - bucket.at) / 1_000) * bucket.rate);
    bucket.at = now;
    const wanted = hurry === 'patient' ? Math.min(cost + bucket.most * LEFT_BY_THE_PATIENT, bucket.most) : cost;
    return wanted - bucket.left;
  }

  function giveUp(): void {
    const now = Date.now();
    for (const hurry of ['urgent', 'patient'] as const) {
      const late = line[hurry].filter(({ until }) => until <= now);
      if (late.length === 0) continue;
      line[hurry] = line[hurry].filter(({ until }) => until > now);
      for (const { fail } of late) fail(slowDown('throttled'));
    }
  }

  return { turn };
}
