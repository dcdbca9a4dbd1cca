// Every document that the SHOP role sends, against Shopify's official schemas, and the directive that no schema asks for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, validate } from 'graphql';
import { DOCUMENTS } from '../src/shopify/documents.ts';
import { official, VERSIONS } from './fake-shopify/schemas.ts';

for (const version of VERSIONS) {
  test(`every document is one that Shopify ${version} understands`, () => {
    const { schema } = official('admin', version);
    for (const [name, text] of Object.entries(DOCUMENTS)) assert.deepEqual(validate(schema, parse(text)).map(({ message }) => message), [], name);
  });
}

test('a refund is never sent without its idempotency key', () => {
  for (const [name, text] of Object.entries(DOCUMENTS)) assert.equal(/refundCreate\([^)]*\) @idempotent\(key: \$key\)/.test(text), text.includes('refundCreate'), name);
});

test('no document asks for more of a person than the payer\'s does', () => {
  const personal = /\b(email|phone|clientIp|billingAddress|shippingAddress|firstName|lastName|customer)\b/;
  for (const [name, text] of Object.entries(DOCUMENTS)) if (!['ORDER_PAYER', 'ORDER_CUSTOMER'].includes(name)) assert.ok(!personal.test(text), name);
});
