// Where mails go while no mail server is set up: into a folder, one `.eml` file each, under its own Message-ID, so that one written twice is there once.

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A mail port that writes into `folder`. */
export function mailFolder(folder) {
  return {
    async send(mail) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = mail.message_id.replace(/[^\w.-]/g, '');
      await writeFile(join(folder, `.${name}`), letter(mail), { mode: 0o600 });
      await rename(join(folder, `.${name}`), join(folder, `${name}.eml`));
    },
  };
}

/** A mail as it goes over the wire (RFC 5322, MIME): for this folder, or for the `raw` option of a mail library. */
export function letter({ to, from, subject, html, text, message_id }) {
  const border = `=_${message_id.replace(/\W/g, '').slice(0, 40)}`;
  const part = (type, content) => [`--${border}`, `Content-Type: ${type}; charset=utf-8`, 'Content-Transfer-Encoding: base64', '', folded(content), ''];
  const head = [`From: ${line(from)}`, `To: ${line(to)}`, `Subject: ${words(subject)}`, `Message-ID: ${line(message_id)}`, 'MIME-Version: 1.0', `Content-Type: multipart/alternative; boundary="${border}"`, ''];
  return [...head, ...part('text/plain', text), ...part('text/html', html), `--${border}--`, ''].join('\r\n');
}

const line = (value) => value.replace(/[\r\n]/g, ' ');
const words = (value) => `=?utf-8?B?${Buffer.from(line(value)).toString('base64')}?=`;
const folded = (value) => Buffer.from(value).toString('base64').replace(/.{1,76}/g, '$&\r\n').trimEnd();
