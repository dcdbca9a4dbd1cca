// A page that carries a built UI extension: the globals that Shopify guarantees, a server of one's own, time by hand, and no canvas, storage or wasm.

import { createContext, runInContext } from 'node:vm';
import { Window } from 'happy-dom';

export interface Asked { url: URL; authorization: string | undefined }
type Answer = { status: number; body?: unknown } | 'cut off';

/** Runs a bundle; `answers` are given in turn, the last one again and again. `rest()` lets everything happen that waits for nobody, `turn()` ends the shortest wait. */
export function extensionPage(text: string, shopify: Record<string, unknown>, answers: Answer[]) {
  const window = new Window();
  const asked: Asked[] = [];
  const waits: Array<{ ms: number; go: () => void }> = [];
  let extend: (() => unknown) | undefined;
  const fetch = async (address: string, { headers = {} }: { headers?: Record<string, string> } = {}) => {
    asked.push({ url: new URL(address), authorization: headers.Authorization });
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (answer === undefined || answer === 'cut off') throw new TypeError('fetch failed');
    return { status: answer.status, json: async () => structuredClone(answer.body) };
  };
  const setTimeout = (go: () => void, ms: number) => waits.push({ ms, go });
  const globals = { document: window.document, fetch, setTimeout, clearTimeout: () => {}, console, shopify: { ...shopify, extend: (_target: string, run: () => unknown) => { extend = run; } } };
  runInContext(text, createContext({ ...globals, self: globals }));
  const ended = Promise.resolve(extend?.());
  const rest = async (): Promise<void> => { for (let turns = 0; turns < 40; turns += 1) await Promise.resolve(); await new Promise((done) => setImmediate(done)); };

  return {
    asked, ended, rest,
    body: window.document.body,
    /** What a person reads: headings are attributes of Shopify's components. */
    text: () => [...window.document.body.querySelectorAll('[heading]')].map((one) => one.getAttribute('heading')).concat(window.document.body.textContent).join(' ').replaceAll(/\s+/g, ' ').trim(),
    /** How long the page waits for, the shortest wait first; draws (waits of 0 and a frame) are not counted. */
    waits: () => waits.map(({ ms }) => ms).filter((ms) => ms >= 1_000),
    async turn() {
      await rest();
      const next = waits.filter(({ ms }) => ms >= 1_000).sort((one, other) => one.ms - other.ms)[0];
      if (!next) throw new Error('the page waits for nothing');
      waits.splice(waits.indexOf(next), 1);
      next.go();
      await rest();
    },
    async drawn() {
      await rest();
      for (const one of waits.splice(0).filter((wait) => wait.ms >= 1_000 || (wait.go(), false))) waits.push(one);
      await rest();
    },
  };
}
