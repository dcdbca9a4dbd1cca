// Page and mails as shoppers see them, drawn by the core in this very browser, and a pasted notice judged by the server that holds the keys.

import { load } from 'efectivo/web';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, files } from './ask.ts';
import type { Desk } from './desk.tsx';
import { Row, Wrong } from './desk.tsx';

const KINDS = ['page', 'new', 'reminder', 'last_call', 'lapsed', 'paid', 'late'];
const given = (event: Event): string => (event.currentTarget as HTMLInputElement).value;

export function Preview({ desk: { start, say } }: { desk: Desk }) {
  const stage = useRef<HTMLDivElement>(null);
  const [choice, setChoice] = useState({ kind: 'page', locale: 'es-PE', tone: 'tu' });
  const [error, setError] = useState<Error>();
  useEffect(() => {
    const draw = async (): Promise<void> => {
      const core: any = await load(new URL(`${files}/efectivo.wasm`, location.href) as never);
      const settings = { ...start.settings, shop: { ...start.settings.shop, page_url: start.shop.page_url } };
      const made = { settings, case: null, now: start.now, locale: choice.locale, tone: choice.tone };
      if (!stage.current) return;
      if (choice.kind === 'page') core.mountAnswer(stage.current, 'page', made);
      else core.mount(stage.current, core.call('mail_preview', { ...made, kind: choice.kind }).ok.html);
      stage.current.dataset.shown = `${choice.kind} ${choice.locale} ${choice.tone}`;
      setError(undefined);
    };
    draw().catch(setError);
  }, [choice, start]);
  const select = (label: string, name: 'kind' | 'locale' | 'tone', values: string[], prefix: string) => (
    <s-select label={say(label)} value={choice[name]} onChange={(event: Event) => setChoice({ ...choice, [name]: given(event) })}>{values.map((one) => <s-option key={one} value={one}>{say(`${prefix}.${one}`)}</s-option>)}</s-select>
  );
  return (
    <s-stack gap="base">
      <s-section heading={say('tab.preview')}>
        <s-stack gap="base">{select('preview.kind', 'kind', KINDS, 'kind')}{select('field.locale', 'locale', ['es-PE', 'en', 'zh-CN'], 'locale')}{select('field.tone', 'tone', ['tu', 'usted'], 'tone')}<Wrong error={error} /></s-stack>
      </s-section>
      <div ref={stage} />
    </s-stack>
  );
}

export function Judge({ desk: { start, say } }: { desk: Desk }) {
  const channels: Array<{ id: string }> = start.settings.channels;
  const [channel, setChannel] = useState(channels[0]?.id ?? '');
  const [headers, setHeaders] = useState('');
  const [body, setBody] = useState('');
  const [told, setTold] = useState<string>();
  const [error, setError] = useState<Error>();
  const judge = (): void => {
    setError(undefined);
    setTold(undefined);
    ask<{ text: string }>('judge', { method: 'POST', body: { channel, headers, body } }).then(({ text }) => setTold(text), setError);
  };
  return (
    <s-section heading={say('tab.judge')}>
      <s-stack gap="base">
        <s-paragraph>{say('judge.lead')}</s-paragraph>
        <s-select label={say('channel')} value={channel} onChange={(event: Event) => setChannel(given(event))}>{channels.map(({ id }) => <s-option key={id} value={id}>{id}</s-option>)}</s-select>
        <s-text-area label={say('judge.headers')} value={headers} onInput={(event: Event) => setHeaders(given(event))} />
        <s-text-area label={say('judge.body')} value={body} onInput={(event: Event) => setBody(given(event))} />
        <Row><s-button variant="primary" onClick={judge}>{say('judge.go')}</s-button></Row>
        {told && <s-banner tone="info">{told}</s-banner>}
        <Wrong error={error} />
      </s-stack>
    </s-section>
  );
}
