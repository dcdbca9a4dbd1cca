// Uses every public type once; `tsc --noEmit` is the test.

import { createServer } from 'node:http';
import { Pool } from 'pg';
import { EfectivoError, letter, load, mailFolder, open, orderBook, sqliteStore, type Channel, type Credentials, type Decision, type Effect, type Keys, type Provider, type Settings, type Shop, type Store } from 'efectivo';
import { routes, serve } from 'efectivo/http';
import { loadSync } from 'efectivo/node';
import { sqliteStore as fromStore, StoreConflict } from 'efectivo/store';
import { postgresStore, worker as worksOn } from 'efectivo/postgres';
import { load as loadInPage } from 'efectivo/web';
import { answerOn, connect, load as loadInWorker } from 'efectivo/worker';

const settings: Settings = {
  shop: { name: 'Tienda', tag: 'TIENDA', page_url: 'https://tienda.example/pago', contact: 'hola@tienda.example' },
  channels: [{ id: 'dlocal-1', provider: 'dlocal', mode: 'test' }],
};

const shop: Shop = {
  async read() {
    return { status: 'open', outstanding: { minor: 12050, currency: 'PEN' }, total: { minor: 12050, currency: 'PEN' } };
  },
  async apply(order, effect: Effect, when, { key }) {
    const what: string = typeof effect === 'string' ? effect : Object.keys(effect)[0]!;
    return what === order + key && when.statuses.length > 0 ? { outcome: 'done', read: null } : { outcome: { refused: { why: 'no' } }, read: null };
  },
};

export async function all(element: Element, worker: Worker): Promise<void> {
  const store: Store = sqliteStore({ file: ':memory:' });
  const efectivo = await open({ data: ':memory:', settings, shop, store, credentials: { 'dlocal-1': { dlocal: { login: 'a', trans_key: 'b', secret_key: 'c' } } }, mail: mailFolder('mails') });
  const pool = new Pool({ connectionString: 'postgres://localhost/shops', max: 10 });
  const shared: Store = await postgresStore({ pool, shop: 'tienda', jobs: true });
  await (await worksOn({ pool, open: async (name) => (name === 'tienda' ? open({ data: 'data', settings, shop, store: shared }) : null), concurrency: 8 })).close();
  await efectivo.work('case');
  const placed = await efectivo.place({ order: '1', amount: '120.50', person: { email: 'ana@example.pe', document_type: 'DNI' } });
  const digits: string | undefined = placed.code;
  const decision: Decision = { resolve: { review: 1, resolution: 'noted', reason: digits ?? '' } };
  await efectivo.merchant(placed.case, decision);
  createServer(routes(efectivo)).listen(1);
  await serve({ config: { data: 'data', settings, bearer_keys: ['k'.repeat(24)] } });
  const core = orderBook({ file: ':memory:', core: loadSync() });
  await core.add('1', { minor: 1, currency: 'USD' });
  (await load()).call<{ version: string }>('version').ok.version.toUpperCase();
  (await loadInPage()).mount(element, letter({ to: '', from: '', subject: '', html: '', text: '', message_id: '' }));
  answerOn(worker, await loadInWorker(new Uint8Array()));
  (await connect(worker).call('version')).bytes.byteLength;
  fromStore({ file: 'x', shop: 'one' });
  throw new StoreConflict('case') instanceof EfectivoError;
}

/** Every provider is named once, each makes a channel, and the page of each is found by its name. */
const every: Record<Provider, string> = {
  sandbox: '', pagoefectivo: '', dlocal: '', mercado_pago: '', culqi: '', payu: '', ebanx: '', paysafe: '', bamboo: '', dlocal_go: '', rapyd: '', kushki: '', pagseguro: '',
};
export const channels: Channel[] = (Object.keys(every) as Provider[]).map((provider) => ({ id: provider, provider, mode: 'test' }));
export const ebanx: Credentials = { ebanx: { key_id: 'a', signing_key: 'b' } satisfies Keys['ebanx'] };

// @ts-expect-error a provider is not any text
export const unknown: Channel = { id: 'a', provider: 'pago_efectivo', mode: 'test' };
// @ts-expect-error a key is missing
export const short: Credentials = { payu: { merchant_id: '1', account_id: '2', api_login: '3' } };
// @ts-expect-error another provider's key
export const foreign: Credentials = { culqi: { secret_key: 'a', notice_user: 'b', notice_password: 'c', hmac_key: 'd' } };
// @ts-expect-error a channel has one provider
export const both: Credentials = { bamboo: { private_key: 'a', secret_key: 'b' }, dlocal_go: { api_key: 'c', secret_key: 'd' } };
// @ts-expect-error a state is not any text
export const state: import('efectivo').State = 'payed';
// @ts-expect-error a store has one place
export const store = postgresStore({ pool: new Pool(), connectionString: 'postgres://localhost/shops' });
// @ts-expect-error money has whole units
export const money: import('efectivo').Money = { amount: 1.5, currency: 'PEN' };
