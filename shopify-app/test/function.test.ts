// The Function as Shopify would run it: the built module, on the carts that its native tests read, and its query against Shopify's own schema.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSchema, isEnumType, isInputObjectType, isObjectType, parse, validate, type GraphQLSchema } from 'graphql';
import { official, VERSIONS } from './fake-shopify/schemas.ts';
import { runFunction } from './support/function-host.ts';

const FOLDER = new URL('../extensions-plus/payment-rules/', import.meta.url);
const MODULE = new URL('../../target/wasm32-unknown-unknown/wasm/efectivo_payment_rules.wasm', import.meta.url);
/** shopify.dev, Functions limits: a module of 256 KB. */
const MOST_BYTES = 256_000;
const RULES = {
  methods: ['PagoEfectivo'], countries: ['PE'], excluded_tags: ['regalo'],
  limits: [{ currency: 'PEN', least_minor: 600, most_minor: 999_900 }, { currency: 'USD', least_minor: 200 }],
};

interface Cart {
  about: string;
  rules?: object | null;
  cart: { amount: string; currency: string; country: string; tagged: Array<boolean | null> };
  hidden: string[];
}

test('the built module hides the method from the same carts as the native one', () => {
  const module = new WebAssembly.Module(readFileSync(MODULE));
  for (const one of JSON.parse(readFileSync(new URL('tests/carts.json', FOLDER), 'utf8')) as Cart[]) {
    const { output } = runFunction(module, 'cart_payment_methods_transform_run', input(one));
    assert.deepEqual(output, { operations: one.hidden.map((id) => ({ paymentMethodHide: { paymentMethodId: id } })) }, one.about);
  }
});

test('the built module reads the bytes that the app writes', () => {
  const module = new WebAssembly.Module(readFileSync(MODULE));
  const { method_names, written, carts } = JSON.parse(readFileSync(new URL('tests/written.json', FOLDER), 'utf8')) as { method_names: string[]; written: string; carts: Array<Omit<Cart, 'hidden'> & { hidden: number[] }> };
  const method = (no: number): string => `gid://shopify/PaymentCustomizationPaymentMethod/${no}`;
  const paymentMethods = ['Tarjeta', ...method_names].map((name, at) => ({ id: method(at + 1), name }));
  for (const one of carts) {
    const { output } = runFunction(module, 'cart_payment_methods_transform_run', { ...(input({ ...one, rules: JSON.parse(written) as object }) as object), paymentMethods } as never);
    assert.deepEqual(output, { operations: one.hidden.map((no) => ({ paymentMethodHide: { paymentMethodId: method(no) } })) }, one.about);
  }
});

test('the module is small enough for Shopify', () => {
  assert.ok(readFileSync(MODULE).length < MOST_BYTES);
});

for (const version of VERSIONS) {
  test(`the query and the few types are Shopify's own in ${version}`, () => {
    const whole = official('functions_payment_customization', version).schema;
    assert.deepEqual(validate(whole, parse(readFileSync(new URL('src/run.graphql', FOLDER), 'utf8'))), []);
    for (const difference of differences(buildSchema(readFileSync(new URL('schema.graphql', FOLDER), 'utf8')), whole)) assert.fail(difference);
  });
}

/** What of `part` is not so in `whole`. */
function differences(part: GraphQLSchema, whole: GraphQLSchema): string[] {
  return Object.values(part.getTypeMap()).filter(({ name }) => !name.startsWith('__')).flatMap((type) => {
    const theirs = whole.getType(type.name);
    if (!theirs) return [`${type.name} is not theirs`];
    if ((isObjectType(type) || isInputObjectType(type)) && (isObjectType(theirs) || isInputObjectType(theirs))) {
      return Object.values(type.getFields()).filter(({ name, type: ours }) => String(theirs.getFields()[name]?.type) !== String(ours)).map(({ name }) => `${type.name}.${name} is another`);
    }
    return isEnumType(type) && isEnumType(theirs) ? type.getValues().filter(({ name }) => !theirs.getValue(name)).map(({ name }) => `${type.name}.${name} is not theirs`) : [];
  });
}

function input({ rules = RULES, cart }: Pick<Cart, 'rules' | 'cart'>): never {
  const line = (tagged: boolean | null) => ({ merchandise: tagged === null ? { __typename: 'CustomProduct' } : { __typename: 'ProductVariant', product: { hasAnyTag: tagged } } });
  return {
    cart: { cost: { totalAmount: { amount: cart.amount, currencyCode: cart.currency } }, lines: cart.tagged.map(line) },
    localization: { country: { isoCode: cart.country } },
    paymentMethods: [{ id: 'gid://shopify/PaymentCustomizationPaymentMethod/1', name: 'Tarjeta' }, { id: 'gid://shopify/PaymentCustomizationPaymentMethod/2', name: 'PagoEfectivo' }],
    paymentCustomization: { metafield: rules === null ? null : { jsonValue: rules } },
  } as never;
}
