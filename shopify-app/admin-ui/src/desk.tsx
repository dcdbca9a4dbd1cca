// The merchant's page: one tab for each thing to do; all it says are the core's words.

import { render, type ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask, Refused, type Start } from './ask.ts';
import { Cases } from './cases.tsx';
import { Figures } from './figures.tsx';
import { Guide } from './guide.tsx';
import { Judge, Preview } from './preview.tsx';
import { Settings } from './settings.tsx';

const TABS = ['guide', 'figures', 'cases', 'reviews', 'settings', 'preview', 'judge'] as const;
type Tab = (typeof TABS)[number];

/** What every tab is given. */
export interface Desk {
  start: Start;
  say(id: string, values?: Record<string, string>): string;
  renew(next?: Start): void;
}

function Page() {
  const [start, setStart] = useState<Start>();
  const [wrong, setWrong] = useState<string>();
  const [tab, setTab] = useState<Tab>('guide');
  useEffect(() => { ask<Start>('start').then(setStart, (error: Error) => setWrong(error.message)); }, []);
  if (wrong) return <s-page><main><s-banner tone="critical">{wrong}</s-banner></main></s-page>;
  if (!start) return <s-page><s-spinner /></s-page>;
  const say = (id: string, values: Record<string, string> = {}): string => Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), start.words[`admin.${id}`] ?? id);
  words = start.words;
  document.documentElement.lang = start.locale;
  const desk: Desk = { start, say, renew: (next) => { if (next) setStart(next); else void ask<Start>('start').then(setStart); } };
  const Main = tab === 'preview' ? 'div' : 'main'; // the shopper's page brings a main part of its own
  return (
    <s-page heading={say('title')}>
      <nav aria-label={say('title')}>
        <s-stack direction="inline" gap="small">
          {TABS.map((one) => <s-button key={one} variant={one === tab ? 'primary' : 'secondary'} aria-current={one === tab ? 'page' : undefined} onClick={() => setTab(one)}>{say(`tab.${one}`)}</s-button>)}
        </s-stack>
      </nav>
      <Main>
        {tab === 'guide' && <Guide desk={desk} />}
        {tab === 'figures' && <Figures desk={desk} />}
        {tab === 'cases' && <Cases desk={desk} open={false} />}
        {tab === 'reviews' && <Cases key="reviews" desk={desk} open={true} />}
        {tab === 'settings' && <Settings desk={desk} />}
        {tab === 'preview' && <Preview desk={desk} />}
        {tab === 'judge' && <Judge desk={desk} />}
      </Main>
    </s-page>
  );
}

/** Buttons side by side, as wide as their words; a column would stretch them. */
export function Row({ children }: { children: ComponentChildren }) {
  return <s-stack direction="inline" gap="small">{children}</s-stack>;
}

/** The words of the page, for failures. */
let words: Record<string, string> = {};
/** Failures of Shopify that mean the same to a merchant. */
const SHOPIFY = new Set(['shopify_silent', 'shopify_down', 'shopify_unreadable', 'throttled']);

/** A sentence and what to do, of any failure: by our own words where its code has some. */
export function Wrong({ error }: { error: Error | undefined }) {
  if (!error) return null;
  const id = error instanceof Refused ? `admin.error.${SHOPIFY.has(error.code) ? 'shopify' : error.code}` : '';
  const help = words[`${id}.help`] ?? (error instanceof Refused ? error.help : '');
  return <s-banner tone="critical"><s-text type="strong">{words[id] ?? error.message}</s-text>{help ? <s-paragraph>{help}</s-paragraph> : null}</s-banner>;
}

const desk = document.querySelector('#desk');
if (desk) render(<Page />, desk);
