// Small parts on their own: sealed tokens, the log, mails in a folder.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorFacts, logTo } from '../src/log.mjs';
import { mailFolder } from '../src/mail.mjs';
import { readKeys, sealing } from '../src/seal.mjs';

const key = () => randomBytes(32).toString('base64');

test('a token is unreadable at rest, opens under an older key too, and only for its own channel', () => {
  const old = { id: 'k1', key: key() };
  const box = sealing([old]).close('secret-token', 'dlocal-1');
  assert.ok(!box.includes('secret-token'));
  assert.equal(sealing([{ id: 'k2', key: key() }, old]).open(box, 'dlocal-1'), 'secret-token');
  assert.equal(sealing([old]).open(box, 'dlocal-2'), null);
  assert.equal(sealing([{ id: 'k2', key: key() }]).open(box, 'dlocal-1'), null);
  for (let at = 0; at < box.length; at += 1) {
    const touched = Buffer.from(box);
    touched[at] ^= 1;
    assert.equal(sealing([old]).open(touched, 'dlocal-1'), null, `byte ${at}`);
  }
});

test('without a key nothing is written down, and a malformed key is refused by its name', () => {
  assert.equal(sealing([]).close('secret-token', 'c'), null);
  assert.throws(() => sealing(readKeys('k1:dG9vIHNob3J0')), (error) => error.code === 'bad_key' && !error.message.includes('dG9v'));
  const [one, two] = readKeys(`k2:${key()}, k1:${key()}`);
  assert.deepEqual([one.id, two.id], ['k2', 'k1']);
});

test('the log holds names and numbers, and nothing that a person or a provider wrote', () => {
  const lines = [];
  const log = logTo((line) => lines.push(line));
  log('asked', { case: 'abc', status: 200, failure: undefined, who: 'María Quispe <maria@example.pe>', token: 'a b' });
  log('failed', errorFacts(Object.assign(new Error('maria@example.pe was refused'), { code: 'E1' })));
  assert.ok(!lines.join('').includes('maria') && !lines.join('').includes('María'));
  assert.equal(JSON.parse(lines[0]).who, '[hidden]');
  assert.equal(JSON.parse(lines[1]).code, 'E1');
});

test('a mail that is written twice is there once, and no header can be smuggled in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-mail-'));
  const mail = { to: 'ana@example.pe\r\nBcc: all@example.pe', from: 'tienda@example.pe', subject: 'Tu código de pago', html: '<p>ñ</p>', text: 'ñ', message_id: '<a-new-1-2@example.pe>' };
  await mailFolder(folder).send(mail);
  await mailFolder(folder).send(mail);
  const files = readdirSync(folder);
  assert.equal(files.length, 1);
  const text = readFileSync(join(folder, files[0]), 'utf8');
  assert.ok(!/^Bcc:/m.test(text) && /^Message-ID: <a-new-1-2@example.pe>\r$/m.test(text));
  rmSync(folder, { recursive: true });
});
