#!/usr/bin/env node
// The command: `efectivo serve` runs the HTTP service, `efectivo sandbox` the simulated providers, each until it is told to stop.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serveSandbox } from '../sandbox/alone.mjs';
import { serve } from '../src/http.mjs';

const USAGE = `efectivo serve --config FILE [--port 8080] [--host 127.0.0.1]
efectivo sandbox [--port 4401] [--data ./data] [--notices http://127.0.0.1:3000/webhook] [--provider sandbox]

FILE is JSON: { "data": DIR, "bearer_keys": [KEY], "settings": {…}, "credentials": {CHANNEL: {…}}, "callback": { "url", "secret" }, "lang": "en" }
EFECTIVO_BEARER_KEY and EFECTIVO_CREDENTIALS (JSON) are taken from the environment where FILE leaves them out; EFECTIVO_CHANNEL_KEYS closes tokens at rest.`;

const COMMANDS = { serve: { run: service, takes: ['config', 'port', 'host'] }, sandbox: { run: sandbox, takes: ['port', 'data', 'notices', 'provider'] } };

/** Ends with a sentence for the person at the terminal. */
function stop(message, help = '') {
  process.stderr.write(`error: ${message}\n${help && `${help}\n`}`);
  process.exit(1);
}

function options() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { config: { type: 'string' }, port: { type: 'string' }, host: { type: 'string' }, data: { type: 'string' }, notices: { type: 'string' }, provider: { type: 'string' }, help: { type: 'boolean' } } });
    const [name, ...more] = positionals;
    if (values.help) { process.stdout.write(`${USAGE}\n`); process.exit(0); }
    if (!COMMANDS[name] || more.length > 0) stop('say what to do', USAGE);
    const [strange] = Object.keys(values).filter((one) => !COMMANDS[name].takes.includes(one));
    if (strange) stop(`efectivo ${name} takes no --${strange}`, USAGE);
    if (values.port !== undefined && (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)) stop(`\`${values.port}\` is no port`);
    return { name, ...values, ...(values.port !== undefined && { port: Number(values.port) }) };
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

async function service({ config: file, port = 8080, host = '127.0.0.1' }) {
  if (!file) stop('--config is missing', USAGE);
  const running = await serve({ config: config(file), port, host });
  process.stdout.write(`ready http://${host}:${running.port}\n`);
  return running;
}

async function sandbox(chosen) {
  const running = await serveSandbox(chosen);
  const { base, channel, credentials } = running;
  process.stdout.write(`ready ${base}\nthe test agent, who takes the cash: ${base}/agente\nchannel: ${JSON.stringify(channel)}\ncredentials: ${JSON.stringify(credentials)}\n`);
  return running;
}

const { name, ...chosen } = options();
try {
  const running = await COMMANDS[name].run(chosen);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => running.close().then(() => process.exit(0)));
} catch (error) {
  stop(error.message, error.help ?? '');
}
