// The simulated merchant's keys at the sandbox, on both sides: made up, good for nothing else.

import { generateKeyPairSync } from 'node:crypto';

/** EBANX's merchants sign with a key of their own; this one lives as long as the process, and the sandbox is told its public half at every start. */
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** What each provider gave the simulated merchant, by the sandbox's path of its side. */
const KEYS = {
  own: { key: 'demo-key', secret: 'demo-secret-of-the-sandbox' },
  pagoefectivo: { service_id: '1234', access_key: 'DEMOACCESSKEY0000001', secret_key: 'demo-secret-of-pagoefectivo' },
  dlocal: { login: 'demologin', trans_key: 'demotrans', secret_key: 'demo-secret-of-dlocal' },
  mercado_pago: { access_token: 'TEST-demo-token', webhook_secret: 'demo-secret-of-mercado-pago' },
  culqi: { secret_key: 'sk_test_demo', notice_user: 'demo', notice_password: 'demo-password' },
  payu: { merchant_id: '1234', account_id: '5678', api_login: 'demologin', api_key: 'demo-key-of-payu' },
  ebanx: { key_id: 'demo-key-of-ebanx', signing_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) },
  paysafe: { api_key: 'demo:demo-password', account_id: '1234', hmac_key: 'ZGVtby1rZXktb2YtcGF5c2FmZQ==' },
  bamboo: { private_key: 'demo-private', secret_key: 'demo-secret-of-bamboo' },
  dlocal_go: { api_key: 'demo-api', secret_key: 'demo-secret-of-dlocal-go' },
  rapyd: { access_key: 'demo-access', secret_key: 'demo-secret-of-rapyd', payment_method_type: 'pe_sandbox_cash' },
  kushki: { public_merchant_id: 'demo-public', private_merchant_id: 'demo-private', webhook_signature: 'demo-secret-of-kushki' },
};
/** What only the provider's side knows. */
const THEIRS = { ebanx: { public_modulus: Buffer.from(pair.publicKey.export({ format: 'jwk' }).n, 'base64url').toString('hex'), signing_key: undefined } };

const providerOf = (path) => (path === 'own' ? 'sandbox' : path);
const named = (make) => Object.fromEntries(Object.entries(KEYS).flatMap(make));

/** What the world knows of the merchant, and where notices go: `base/avisos/PROVIDER`. */
export const accountsFor = (base) =>
  named(([path, keys]) => Object.entries({ ...keys, ...THEIRS[path], notice_url: `${base}/avisos/${providerOf(path)}` }).filter(([, value]) => value !== undefined).map(([name, value]) => [`${path}_${name}`, value]));

/** The same keys as a host gives them to the core. */
export const CREDENTIALS = named(([path, keys]) => [[path, { [providerOf(path)]: keys }]]);
