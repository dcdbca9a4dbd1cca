// From installation to the first sale with real money: what is missing, what can be tried here, and how everything fares.

import { useState } from 'preact/hooks';
import { ask, download, type Problem, type Start } from './ask.ts';
import type { Desk } from './desk.tsx';
import { Row, Wrong } from './desk.tsx';

export function Guide({ desk }: { desk: Desk }) {
  const { start, say } = desk;
  const done = start.proof_names.every((name) => start.proofs[name]);
  return (
    <s-stack gap="base">
      {start.doc.smtp === null && <s-banner tone="critical"><s-text type="strong">{say('mail.none')}</s-text><s-paragraph>{say('mail.none.help')}</s-paragraph></s-banner>}
      {start.scopes.length > 0 && <s-banner tone="critical">{say('scopes.missing', { scopes: start.scopes.join(', ') })}</s-banner>}
      {start.problems.map((one) => <Trouble key={one.order_id + one.name} desk={desk} problem={one} />)}
      {start.requests.map((one) => <Request key={one.id} desk={desk} request={one} />)}
      <s-section heading={say('guide.heading')}>
        <s-stack gap="base">
          {start.needs.map((need) => <s-banner key={need.field} tone="warning"><s-text type="strong">{need.field}: {need.message}</s-text><s-paragraph>{need.help}</s-paragraph></s-banner>)}
          {start.needs.length === 0 && <s-text>{say('guide.ready')}</s-text>}
          <s-paragraph>{say('guide.method')}</s-paragraph>
          <Method desk={desk} />
          <s-paragraph>{say('guide.place')}</s-paragraph>
        </s-stack>
      </s-section>
      <s-section heading={say('notices.heading')}>
        <s-stack gap="base">
          <s-paragraph>{say('notices.lead')}</s-paragraph>
          {start.settings.channels.map(({ id }: { id: string }) => <Notices key={id} desk={desk} channel={id} />)}
        </s-stack>
      </s-section>
      <s-section heading={say('proofs.heading')}>
        <s-stack gap="base">
          <s-paragraph>{say('proofs.lead')}</s-paragraph>
          {start.proof_names.map((name) => <s-stack key={name} direction="inline" gap="small"><s-badge tone={start.proofs[name] ? 'success' : 'warning'}>{say(start.proofs[name] ? 'proof.seen' : 'proof.missing')}</s-badge><s-text>{say(`proof.${name}`)}</s-text></s-stack>)}
          <Row><s-button onClick={() => desk.renew()}>{say('look.again')}</s-button></Row>
          <s-text>{say(done ? 'proofs.done' : 'proofs.open')}</s-text>
        </s-stack>
      </s-section>
      {start.rules.state !== 'off' && <Rules desk={desk} />}
      <s-section heading={say('health.heading')}>
        <s-stack gap="small">
          {['webhook', 'poll', 'notice', 'sweep', 'refusal', 'shopify', 'mail'].map((what) => {
            const one = start.health[what];
            return <s-text key={what}>{say(`health.${what}`)}: {one ? `${one.when}${one.detail ? ` · ${one.detail}` : ''}` : say('health.never')}</s-text>;
          })}
        </s-stack>
      </s-section>
    </s-stack>
  );
}

/** An order that got no code, or of which something could not be done, and what to do about it. */
export function Trouble({ desk: { say, renew }, problem: { order_id, number, name, message, help }, done = () => {} }: { desk: Desk; problem: Problem; done?: () => void }) {
  const [error, setError] = useState<Error>();
  return (
    <s-banner tone="warning">
      <s-stack gap="small">
        <s-text type="strong">{number}: {message}</s-text>
        <s-text>{help}</s-text>
        <Row><s-button onClick={() => { setError(undefined); ask<Start>(`problems/${order_id}/done`, { method: 'POST', body: { name } }).then((next) => { renew(next); done(); }, setError); }}>{say('problem.done')}</s-button></Row>
        <Wrong error={error} />
      </s-stack>
    </s-banner>
  );
}

/** A shopper asked for the own data: what is held is downloaded here, and given by the merchant. */
function Request({ desk: { say, renew }, request: { id, when, orders } }: { desk: Desk; request: Start['requests'][number] }) {
  const [error, setError] = useState<Error>();
  const at = `requests/${encodeURIComponent(id)}`;
  return (
    <s-banner tone="warning">
      <s-stack gap="small">
        <s-text>{say('data.request', { when, orders })}</s-text>
        <Row>
          <s-button onClick={() => { setError(undefined); download(`${at}/data`, `${id.replaceAll(' ', '-')}.json`).catch(setError); }}>{say('data.export')}</s-button>
          <s-button onClick={() => { setError(undefined); ask<Start>(`${at}/done`, { method: 'POST', body: {} }).then(renew, setError); }}>{say('problem.done')}</s-button>
        </Row>
        <Wrong error={error} />
      </s-stack>
    </s-banner>
  );
}

/** Whether Shopify hides the method where it leads nowhere, and what is missing for that. */
function Rules({ desk: { start: { rules: { state, why } }, say, renew } }: { desk: Desk }) {
  const [error, setError] = useState<Error>();
  const check = (): void => { setError(undefined); ask<Start>('rules', { method: 'POST', body: {} }).then(renew, setError); };
  return (
    <s-section heading={say('rules.heading')}>
      <s-stack gap="base">
        <s-banner tone={state === 'kept' ? 'success' : 'warning'}>{say(`rules.${state}`, { why })}</s-banner>
        <Row><s-button onClick={check}>{say('rules.check')}</s-button></Row>
        <Wrong error={error} />
      </s-stack>
    </s-section>
  );
}

function Method({ desk: { say, start } }: { desk: Desk }) {
  const [told, setTold] = useState<string>();
  const [error, setError] = useState<Error>();
  const check = (): void => {
    ask<{ found: boolean; seen: string[] }>('method-check', { method: 'POST', body: {} }).then(({ found, seen }) => setTold(say(found ? 'method.found' : seen.length > 0 ? 'method.others' : 'method.no_orders', { seen: seen.join(', '), name: start.doc.method_names.join(', ') })), setError);
  };
  return <s-stack gap="small"><Row><s-button onClick={check}>{say('method.check')}</s-button></Row>{told && <s-text>{told}</s-text>}<Wrong error={error} /></s-stack>;
}

function Notices({ desk: { say, start }, channel }: { desk: Desk; channel: string }) {
  const [told, setTold] = useState<string>();
  const [error, setError] = useState<Error>();
  const check = (): void => {
    ask<{ reached: boolean; status: number | null }>(`notice-check/${encodeURIComponent(channel)}`, { method: 'POST', body: {} }).then(({ reached, status }) => setTold(say(reached ? 'notices.reached' : 'notices.unreached', { status: String(status ?? '–') })), setError);
  };
  return (
    <s-stack gap="small">
      <s-text type="strong">{channel}</s-text>
      <p style={{ margin: 0, overflowWrap: 'anywhere' }}>{start.shop.notice_urls[channel]}</p>
      <Row><s-button onClick={check}>{say('notices.check')}</s-button></Row>
      {told && <s-text>{told}</s-text>}
      <Wrong error={error} />
    </s-stack>
  );
}
