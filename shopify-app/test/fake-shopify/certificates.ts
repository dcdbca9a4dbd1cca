// Certificates for mutual TLS in tests, made by openssl in a folder: the payments platform's own authority, the app's server, and a stranger.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tls } from './payments.ts';

export interface Certificates {
  /** What the app's listener is given: `SHOPIFY_MTLS_CA_FILE` and its own certificate. */
  platform_ca_file: string;
  server: { key: string; cert: string };
  /** What the payments platform presents, and trusts the app's server by. */
  platform: Tls;
  /** A client of another authority, and one without any certificate. */
  stranger: Tls;
  nobody: Pick<Tls, 'ca'>;
}

/** Makes all of them; some 0.5 s. Needs the program `openssl`. */
export function certificates(folder = mkdtempSync(join(tmpdir(), 'efectivo-certificates-'))): Certificates {
  mkdirSync(folder, { recursive: true });
  const at = (name: string): string => join(folder, name);
  const openssl = (...words: string[]): void => void execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const key = (name: string): void => openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', at(`${name}.key`));
  const authority = (name: string, title: string): void => {
    key(name);
    openssl('req', '-x509', '-new', '-key', at(`${name}.key`), '-subj', `/CN=${title}`, '-days', '30', '-out', at(`${name}.pem`));
  };
  const signed = (name: string, by: string, title: string, extensions: string): void => {
    key(name);
    writeFileSync(at(`${name}.ext`), extensions);
    openssl('req', '-new', '-key', at(`${name}.key`), '-subj', `/CN=${title}`, '-out', at(`${name}.csr`));
    openssl('x509', '-req', '-in', at(`${name}.csr`), '-CA', at(`${by}.pem`), '-CAkey', at(`${by}.key`), '-CAcreateserial', '-days', '30', '-extfile', at(`${name}.ext`), '-out', at(`${name}.pem`));
  };
  authority('platform-ca', 'Fake Payments Platform CA');
  authority('public-ca', 'Fake Public CA');
  authority('other-ca', 'Another CA');
  signed('platform', 'platform-ca', 'Fake Payments Platform', 'extendedKeyUsage=clientAuth\n');
  signed('stranger', 'other-ca', 'Somebody Else', 'extendedKeyUsage=clientAuth\n');
  signed('server', 'public-ca', 'localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
  const read = (name: string): string => readFileSync(at(name), 'utf8');
  const client = (name: string): Tls => ({ key: read(`${name}.key`), cert: read(`${name}.pem`), ca: read('public-ca.pem') });
  return { platform_ca_file: at('platform-ca.pem'), server: { key: read('server.key'), cert: read('server.pem') }, platform: client('platform'), stranger: client('stranger'), nobody: { ca: read('public-ca.pem') } };
}
