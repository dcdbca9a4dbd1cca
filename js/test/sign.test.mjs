// What only the host signs: the key stays here, the header is what the request named, and a key that is none says so without being repeated.

import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { test } from 'node:test';
import { loadSync } from '../src/node.mjs';
import { apart, signed } from '../src/sign.mjs';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
const older = privateKey.export({ type: 'pkcs1', format: 'pem' });
const header = Buffer.from('{"alg":"RS256","kid":"k","b64":false,"crit":["b64"]}').toString('base64url');
const request = { url: 'https://x.example/', headers: [['Content-Type', 'application/json']], sign: { key: 'signing_key', header: 'X-JWS-Signature', message_prefix: `${header}.`, value_prefix: `${header}..` } };
const body = Buffer.from('{"name":"María"}');
const value = (held) => signed(request, body, held).headers.find(([name]) => name === 'X-JWS-Signature')[1];

test('a detached JWS is made over the bytes that leave, whatever shape the key was pasted in', () => {
  for (const key of [pem, older, pem.replace(/\n/g, ''), pem.replace(/\n/g, ' '), pem.replace(/\n/g, '\r\n')]) {
    const [head, middle, signature] = value({ signing_key: key }).split('.');
    assert.deepEqual([head, middle], [header, '']);
    assert.ok(verify('sha256', Buffer.concat([Buffer.from(`${header}.`), body]), publicKey, Buffer.from(signature, 'base64url')));
    assert.ok(!verify('sha256', Buffer.from(`${header}.{}`), publicKey, Buffer.from(signature, 'base64url')));
  }
});

test('a request that asks for no signature leaves as it is', () => {
  const plain = { url: 'https://x.example/', headers: [] };
  assert.equal(signed(plain, body, {}), plain);
});

test('a key that is none is told by its name, never by what is in it', () => {
  const canary = 'canary-7f3a';
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  for (const key of [undefined, '', canary, `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----`, publicKey.export({ type: 'spki', format: 'pem' }), other]) {
    assert.throws(() => value({ signing_key: key }), (error) => error.code === 'credential' && error.message.includes('signing_key') && !error.message.includes(canary));
  }
});

test('the core is never handed a key that only the host holds, and would refuse it', () => {
  const core = loadSync();
  const { known, held } = apart({ e: { ebanx: { key_id: 'k', signing_key: pem } }, d: { dlocal: { login: 'l', trans_key: 't', secret_key: 's' } }, n: undefined }, core.call('abilities').ok);
  assert.deepEqual(known, { e: { ebanx: { key_id: 'k' } }, d: { dlocal: { login: 'l', trans_key: 't', secret_key: 's' } }, n: {} });
  assert.deepEqual(held.e, { signing_key: pem });
  const ask = { settings: {}, channel: { id: 'e', health: {} }, credentials: { ebanx: { key_id: 'k', signing_key: 'canary-7f3a' } }, notice: {}, now: 1 };
  assert.throws(() => core.call('route', ask), (error) => error.code === 'bad_ask' && !error.message.includes('canary'));
});
