#!/usr/bin/env node
// The command: `efectivo serve --config FILE [--port 8080] [--host 127.0.0.1]` runs the HTTP service until it is told to stop.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from '../src/http.mjs';

const USAGE = `efectivo serve --config FILE [--port 8080] [--host 127.0.0.1]

FILE is JSON: { "data": DIR, "bearer_keys": [KEY], "settings": {…}, "credentials": {CHANNEL: {…}}, "callback": { "url", "secret" }, "lang": "en" }
EFECTIVO_BEARER_KEY and EFECTIVO_CREDENTIALS (JSON) are taken from the environment where FILE leaves them out; EFECTIVO_CHANNEL_KEYS closes tokens at rest.`;

/** Ends with a sentence for the person at the terminal. */
function stop(message, help = '') {
  process.stderr.write(`error: ${message}\n${help && `${help}\n`}`);
  process.exit(1);
}

function options() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { config: { type: 'string' }, port: { type: 'string', default: '8080' }, host: { type: 'string', default: '127.0.0.1' }, help: { type: 'boolean' } } });
    if (values.help || positionals[0] !== 'serve' || positionals.length > 1) stop('say what to do', USAGE);
    if (!values.config) stop('--config is missing', USAGE);
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) stop(`\`${values.port}\` is no port`);
    return values;
  } catch (error) {
    return stop(error.message, USAGE);
  }
}

function config(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    stop(`the settings can't be read: ${error.code}`, `Check the path: ${file}`);
  }
  try {
    const { data, bearer_keys, settings, credentials, callback, keys, lang, ...rest } = JSON.parse(text);
    const [unknown] = Object.keys(rest);
    if (unknown) stop(`the settings have an unknown field: ${unknown}`, USAGE);
    if (typeof data !== 'string' || !settings || typeof settings !== 'object') stop('the settings need "data" and "settings"', USAGE);
    return {
      data: resolve(dirname(file), data), settings, callback, keys, lang,
      bearer_keys: bearer_keys ?? [process.env.EFECTIVO_BEARER_KEY ?? ''],
      credentials: credentials ?? JSON.parse(process.env.EFECTIVO_CREDENTIALS ?? '{}'),
    };
  } catch {
    return stop('the settings are not JSON', `Check ${file}: a comma too many, or a quote too few.`);
  }
}

const { config: file, port, host } = options();
try {
  const running = await serve({ config: config(file), port: Number(port), host });
  process.stdout.write(`ready http://${host}:${running.port}\n`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => running.close().then(() => process.exit(0)));
} catch (error) {
  stop(error.message, error.help ?? '');
}
