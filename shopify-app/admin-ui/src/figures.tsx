// How the shop fares, counted and drawn by the core in this browser from cases that come slice by slice.

import { load } from 'efectivo/web';
import { useEffect, useRef, useState } from 'preact/hooks';
import { app, files } from './ask.ts';
import type { Desk } from './desk.tsx';
import { Wrong } from './desk.tsx';

/** More than a shop of this kind sells in twelve weeks; what is older counts for nothing. */
const MOST_SLICES = 100;

export function Figures({ desk: { start, say } }: { desk: Desk }) {
  const stage = useRef<HTMLDivElement>(null);
  const [mode, setMode] = useState<'live' | 'test'>(start.settings.channels.some((one: { mode: string }) => one.mode === 'live') ? 'live' : 'test');
  const [error, setError] = useState<Error>();
  useEffect(() => {
    const draw = async (): Promise<void> => {
      const core: any = await load(new URL(`${files}/efectivo.wasm`, location.href) as never);
      const figures = new core.Figures(mode, BigInt(start.now));
      let before = '';
      for (let slice = 0; slice < MOST_SLICES; slice += 1) {
        const got = await fetch(`/admin-api/${app}/figures${before ? `?before=${before}` : ''}`);
        if (!got.ok) throw new Error(`HTTP ${got.status}`);
        figures.count(new Uint8Array(await got.arrayBuffer()));
        before = got.headers.get('x-efectivo-next') ?? '';
        if (!before) break;
      }
      if (!stage.current) return;
      core.mount(stage.current, figures.page(start.locale));
      stage.current.dataset.shown = `figures ${mode}`;
    };
    draw().catch(setError);
  }, [mode, start]);
  return (
    <s-stack gap="base">
      <s-select label={say('field.mode')} value={mode} onChange={(event: Event) => setMode((event.currentTarget as HTMLInputElement).value as 'live' | 'test')}>{['live', 'test'].map((one) => <s-option key={one} value={one}>{say(`mode.${one}`)}</s-option>)}</s-select>
      <div ref={stage} />
      <Wrong error={error} />
    </s-stack>
  );
}
