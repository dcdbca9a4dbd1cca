// What a merchant can ask about a channel: whether its keys are good, by a question that changes nothing, and what was noted of its interface.

import { randomBytes } from 'node:crypto';
import { destination, send } from './send.mjs';
import { signed } from './sign.mjs';

/** `checkKeys(channel)` and `notes(channel)`, in words. */
export function makeChecks({ core, settings, credentials, held, channels, clock, fetch, log }) {
  const abilities = new Map(core.call('abilities').ok.map((one) => [one.provider, one]));

  /** `{ good: true | false | null, text }`; `null` where the provider has no such question. */
  async function checkKeys(id, { locale = 'es' } = {}) {
    const keys = credentials[id] ?? null;
    const { ok, bytes } = core.call('check_keys', { settings, channel: id, credentials: keys, now: clock.now(), entropy: randomBytes(32).toString('hex') }, undefined, locale);
    if (ok.none) return { good: null, text: ok.none };
    const channel = settings.channels.find((one) => one.id === id);
    const got = await send(signed(ok.request, bytes, held[id]), bytes, destination(channel, abilities.get(channel.provider)), fetch);
    log('keys_checked', { channel: id, status: got.answer.response?.status, failure: got.answer.failure });
    return core.call('keys_checked', { settings, channel: id, answer: got.answer, now: clock.now() }, got.bytes, locale).ok;
  }

  async function notes(id, { locale = 'es' } = {}) {
    const row = (await channels.read()).find((one) => one.row.id === id)?.row;
    return row ? core.call('channel_notes', { settings, channel: row }, undefined, locale).ok.notes : [];
  }

  return { checkKeys, notes };
}
