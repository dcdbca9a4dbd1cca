// What a merchant sets: the shop, the method's name, codes, channels with their keys, and the mail server. Keys go in and never come back.

import { useState } from 'preact/hooks';
import { ask, toast, type Start } from './ask.ts';
import type { Desk } from './desk.tsx';
import { Row, Wrong } from './desk.tsx';

const LOCALES = ['es-PE', 'en', 'zh-CN'];
const CURRENCIES = ['PEN', 'USD'];

/** Reads a field's event. */
const given = (event: Event): string => (event.currentTarget as HTMLInputElement).value;
const ticked = (event: Event): boolean => (event.currentTarget as HTMLInputElement).checked;
const lines = (text: string): string[] => text.split(/[\n,]/).map((one) => one.trim()).filter(Boolean);

export function Settings({ desk }: { desk: Desk }) {
  const { start, say } = desk;
  const [doc, setDoc] = useState<any>(start.doc);
  const [keys, setKeys] = useState<Record<string, Record<string, string>>>({});
  const [password, setPassword] = useState('');
  const [error, setError] = useState<Error>();
  const core = doc.core;
  const setCore = (change: object): void => setDoc({ ...doc, core: { ...core, ...change } });
  const setShop = (change: object): void => setCore({ shop: { ...core.shop, ...change } });
  const setChannel = (at: number, change: object): void => setCore({ channels: core.channels.map((one: any, no: number) => (no === at ? { ...one, ...change } : one)) });
  const save = (): void => {
    setError(undefined);
    ask<Start>('settings', { method: 'PUT', body: { version: start.version, doc, keys, smtp_password: password } }).then((next) => { desk.renew(next); setDoc(next.doc); setKeys({}); setPassword(''); toast(say('saved')); }, setError);
  };
  const add = (): void => {
    const provider = start.abilities.find((one) => one.create && one.provider !== 'sandbox')?.provider ?? 'pagoefectivo';
    const taken = new Set(core.channels.map(({ id }: { id: string }) => id));
    let no = 1;
    while (taken.has(`${provider}-${no}`)) no += 1;
    setCore({ channels: [...core.channels, { id: `${provider}-${no}`, provider, mode: 'test', enabled: true, currencies: ['PEN'] }] });
  };
  return (
    <s-stack gap="base">
      <Wrong error={error} />
      <s-section heading={say('settings.shop')}>
        <s-stack gap="base">
          {['name', 'tag', 'contact', 'mail_from', 'privacy_url', 'complaints_url'].map((field) => <s-text-field key={field} label={say(`field.${field}`)} value={core.shop[field] ?? ''} onInput={(event: Event) => setShop({ [field]: given(event) })} />)}
          <s-text-field label={say('field.method')} details={say('field.method.hint')} value={doc.method_names.join(', ')} onInput={(event: Event) => setDoc({ ...doc, method_names: lines(given(event)) })} />
          <s-text-field label={say('field.trials')} details={say('field.trials.hint')} value={doc.trial_emails.join(', ')} onInput={(event: Event) => setDoc({ ...doc, trial_emails: lines(given(event)) })} />
          <s-checkbox label={say('rules.on')} checked={doc.plus_rules === true} onChange={(event: Event) => setDoc({ ...doc, plus_rules: ticked(event) })} />
        </s-stack>
      </s-section>
      <s-section heading={say('settings.codes')}>
        <s-stack gap="base">
          <s-select label={say('field.locale')} value={core.locale ?? 'es-PE'} onChange={(event: Event) => setCore({ locale: given(event) })}>{LOCALES.map((one) => <s-option key={one} value={one}>{say(`locale.${one}`)}</s-option>)}</s-select>
          <s-select label={say('field.tone')} value={core.tone ?? 'tu'} onChange={(event: Event) => setCore({ tone: given(event) })}>{['tu', 'usted'].map((one) => <s-option key={one} value={one}>{say(`tone.${one}`)}</s-option>)}</s-select>
          <s-number-field label={say('field.validity')} value={String(core.validity_hours ?? 48)} onInput={(event: Event) => setCore({ validity_hours: Number(given(event)) })} />
          <s-number-field label={say('field.grace')} value={String(core.cancel_grace_hours ?? 24)} onInput={(event: Event) => setCore({ cancel_grace_hours: Number(given(event)) })} />
          <s-checkbox label={say('field.barcode')} checked={core.show_own_barcode === true} onChange={(event: Event) => setCore({ show_own_barcode: ticked(event) })} />
        </s-stack>
      </s-section>
      {core.channels.map((channel: any, at: number) => (
        <ChannelCard key={channel.id} desk={desk} channel={channel} keys={keys[channel.id] ?? {}} change={(change) => setChannel(at, change)} setKey={(name, value) => setKeys({ ...keys, [channel.id]: { ...keys[channel.id], [name]: value } })}
          up={at === 0 ? undefined : () => setCore({ channels: core.channels.with(at, core.channels[at - 1]).with(at - 1, channel) })} remove={() => setCore({ channels: core.channels.filter((_: unknown, no: number) => no !== at) })} />
      ))}
      <Row><s-button onClick={add}>{say('channel.add')}</s-button></Row>
      <Mail desk={desk} doc={doc} setDoc={setDoc} password={password} setPassword={setPassword} />
      <Row><s-button variant="primary" onClick={save}>{say('save')}</s-button></Row>
    </s-stack>
  );
}

interface Card { desk: Desk; channel: any; keys: Record<string, string>; change(change: object): void; setKey(name: string, value: string): void; up: (() => void) | undefined; remove(): void }

function ChannelCard({ desk: { start, say }, channel, keys, change, setKey, up, remove }: Card) {
  const able = start.abilities.find(({ provider }) => provider === channel.provider);
  const set = start.keys_set[channel.id] ?? [];
  const list = channel.allowlist ?? {};
  const pick = (provider: string): void => change({ provider, currencies: start.abilities.find((one) => one.provider === provider)?.currencies.slice(0, 1) ?? ['PEN'] });
  return (
    <s-section heading={`${say('channel')} ${channel.id}`}>
      <s-stack gap="base">
        {able?.unconfirmed && <s-banner tone="warning">{say('channel.unconfirmed')}</s-banner>}
        <s-select label={say('field.provider')} value={channel.provider} onChange={(event: Event) => pick(given(event))}>{start.abilities.filter((one) => one.create).map(({ provider, unconfirmed }) => <s-option key={provider} value={provider}>{(start.names[`provider.${provider}`] ?? provider) + (unconfirmed ? ' (?)' : '')}</s-option>)}</s-select>
        <s-select label={say('field.mode')} value={channel.mode} onChange={(event: Event) => change({ mode: given(event) })}>{['test', 'live'].map((one) => <s-option key={one} value={one}>{say(`mode.${one}`)}</s-option>)}</s-select>
        <s-checkbox label={say('field.enabled')} checked={channel.enabled !== false} onChange={(event: Event) => change({ enabled: ticked(event) })} />
        {able?.unconfirmed && <s-checkbox label={say('field.confirmed')} checked={channel.confirmed === true} onChange={(event: Event) => change({ confirmed: ticked(event) })} />}
        {able?.keys.map((name) => <s-password-field key={name} label={`${name}${set.includes(name) ? ` · ${say('key.set')}` : ''}`} value={keys[name] ?? ''} autocomplete="off" onInput={(event: Event) => setKey(name, given(event))} />)}
        {channel.mode === 'test' && <s-text-field label={say('field.sandbox_url')} value={channel.sandbox_url ?? ''} onInput={(event: Event) => change({ sandbox_url: given(event) })} />}
        {CURRENCIES.map((one) => <s-checkbox key={one} label={one} checked={(channel.currencies ?? ['PEN']).includes(one)} onChange={(event: Event) => change({ currencies: ticked(event) ? [...new Set([...(channel.currencies ?? ['PEN']), one])] : (channel.currencies ?? ['PEN']).filter((other: string) => other !== one) })} />)}
        <s-text-field label={say('field.excluded')} value={(channel.excluded_categories ?? []).join(', ')} onInput={(event: Event) => change({ excluded_categories: lines(given(event)) })} />
        <s-select label={say('field.allowlist')} value={list.rule ?? 'off'} onChange={(event: Event) => change({ allowlist: { ...list, rule: given(event) } })}>{['off', 'signal', 'enforce'].map((one) => <s-option key={one} value={one}>{say(`allowlist.${one}`)}</s-option>)}</s-select>
        <s-text-area label={say('field.addresses')} value={(list.addresses ?? []).join('\n')} onInput={(event: Event) => change({ allowlist: { ...list, addresses: lines(given(event)) } })} />
        <s-stack direction="inline" gap="small">
          {up && <s-button onClick={up}>{say('channel.up')}</s-button>}
          <s-button tone="critical" onClick={remove}>{say('channel.remove')}</s-button>
        </s-stack>
      </s-stack>
    </s-section>
  );
}

function Mail({ desk: { start, say }, doc, setDoc, password, setPassword }: { desk: Desk; doc: any; setDoc(doc: any): void; password: string; setPassword(text: string): void }) {
  const smtp = doc.smtp ?? { host: '', port: 587, secure: false, user: '' };
  const set = (change: object): void => setDoc({ ...doc, smtp: { ...smtp, ...change } });
  return (
    <s-section heading={say('settings.mail')}>
      <s-stack gap="base">
        <s-text-field label={say('field.smtp_host')} value={smtp.host} onInput={(event: Event) => set({ host: given(event) })} />
        <s-number-field label={say('field.smtp_port')} value={String(smtp.port)} onInput={(event: Event) => set({ port: Number(given(event)) })} />
        <s-checkbox label={say('field.smtp_secure')} checked={smtp.secure} onChange={(event: Event) => set({ secure: ticked(event) })} />
        <s-text-field label={say('field.smtp_user')} value={smtp.user} onInput={(event: Event) => set({ user: given(event) })} />
        <s-password-field label={`${say('field.smtp_password')}${start.smtp_password_set ? ` · ${say('key.set')}` : ''}`} value={password} autocomplete="off" onInput={(event: Event) => setPassword(given(event))} />
      </s-stack>
    </s-section>
  );
}
