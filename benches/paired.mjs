// Two ways to do the same work, measured in turns: whatever the machine does meanwhile happens to both.

import { performance } from 'node:perf_hooks';

/** How long one side runs in a round, how many rounds, and how long each side runs before anything counts. */
export const WHOLE = { rounds: 31, roundMs: 12, warmMs: 2_000 };
/** Enough to see that everything runs; its numbers mean nothing. */
export const SMOKE = { rounds: 3, roundMs: 1, warmMs: 5 };

/** Medians of both sides in µs a call, and the median of the rounds' ratios (above 1: `ours` is faster). */
export function paired(ours, peer, { rounds, roundMs, warmMs }) {
  const sides = [ours, peer].map((run) => ({ run, times: warm(run, warmMs, roundMs), took: [] }));
  for (let round = 0; round < rounds; round += 1) {
    globalThis.gc?.();
    const order = round % 2 === 0 ? sides : [sides[1], sides[0]];
    for (const side of order) side.took.push((timed(side.run, side.times) / side.times) * 1000);
  }
  const [a, b] = sides.map(({ took }) => took);
  return { ours: median(a), peer: median(b), ratio: median(a.map((time, round) => b[round] / time)) };
}

/** Runs for a while, so that both are compiled as well as they will be; says how many calls fill a round. */
function warm(run, warmMs, roundMs) {
  const until = performance.now() + warmMs;
  let times = 1;
  for (;;) {
    const took = timed(run, times);
    const now = performance.now();
    if (now >= until) return Math.max(1, Math.round((times * roundMs) / Math.max(took, 0.001)));
    if (took < roundMs) times *= 2;
  }
}

/** Results go through `kept`, so that no compiler leaves the work out. */
let kept = 0;

function timed(run, times) {
  const start = performance.now();
  for (let n = 0; n < times; n += 1) kept ^= run(n).length;
  return performance.now() - start;
}

/** For the curious compiler. */
export const seen = () => kept;

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
