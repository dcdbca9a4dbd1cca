// A shop with an app, a clock that a test holds, and a way to send GraphQL: what most tests of the fake begin with.

import { makeFake, type App, type Fake } from './index.ts';

export const SHOP = 'quipu.myshopify.com';
export const APP = { client_id: 'app-1', client_secret: 'secret-1', url: 'https://app.test' };

export function shopWithApp(asked: Partial<App> = {}) {
  const clock = { at: Date.parse('2026-11-25T15:00:00Z') };
  const fake = makeFake({ now: () => clock.at, apps: [{ ...APP, ...asked }] });
  fake.shop(SHOP).install(APP.client_id);
  return { fake, clock };
}

/** What came back; `any`, since a document's shape is known only to who wrote it. */
export type Answer = { status: number; data?: any; errors?: any[]; extensions?: any };

export async function ask(fake: Fake, query: string, variables: object = {}, { version = '2026-07', token = fake.token(SHOP), api = 'admin', shop = SHOP } = {}): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'x-shopify-access-token': token };
  const answer = await fake.fetch(`https://${shop}/${api}/api/${version}/graphql.json`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return { status: answer.status, ...(await answer.json() as object) };
}
