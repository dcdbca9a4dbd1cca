// php-fpm behind a small web server of ours (in a thread, since the tests wait for answers), so that workers can be killed as on a real host: the master makes new ones.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const WORKERS = 6;
const BODY_BYTES = 32_768;

/** The program, or null where there is none. */
export function fpm() {
  const found = spawnSync('sh', ['-c', 'command -v php-fpm8.2 || command -v php-fpm || ls /usr/sbin/php-fpm* 2>/dev/null | head -1'], { encoding: 'utf8', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` } }).stdout.trim();
  return found || null;
}

/** Starts the master and the web server in front of it. */
export async function startFpm(root, base, env) {
  const socket = join(root, 'fpm.sock');
  const file = join(root, 'fpm.conf');
  const values = { memory_limit: '512M', 'opcache.enable': '1', 'opcache.validate_timestamps': '0', 'opcache.memory_consumption': '256', 'opcache.max_accelerated_files': '20000', display_errors: '0' };
  const who = process.getuid?.() === 0 ? 'user = root\ngroup = root\n' : '';
  writeFileSync(file, `[global]\nerror_log = ${join(root, 'fpm.log')}\ndaemonize = no\n[www]\n${who}listen = ${socket}\npm = static\npm.max_children = ${WORKERS}\nclear_env = no\n${Object.entries(values).map(([name, value]) => `php_admin_value[${name}] = ${value}\n`).join('')}`);
  const master = spawn(fpm(), ['-R', '-F', '-y', file], { env, stdio: 'ignore' });
  process.once('exit', () => master.kill('SIGKILL'));
  for (let tries = 0; tries < 100 && !existsSync(socket); tries += 1) await new Promise((done) => setTimeout(done, 50));
  const front = new Worker(new URL(import.meta.url), { workerData: { root, socket, base } });
  await once(front, 'message');
  return {
    /** Their numbers; those in the middle of something first. */
    workers: () => {
      const all = readFileSync(`/proc/${master.pid}/task/${master.pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
      return [...all.filter(isBusy), ...all.filter((pid) => !isBusy(pid))];
    },
    stop: async () => {
      await front.terminate();
      const gone = once(master, 'exit');
      master.kill('SIGTERM');
      await gone;
    },
  };
}

function isBusy(pid) {
  try {
    return /\) [RD] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

if (!isMainThread && workerData?.socket) {
  const { root, socket, base } = workerData;
  createServer({ keepAliveTimeout: 600_000 }, (question, answer) => serve(root, socket, base, question, answer)).listen(Number(new URL(base).port), '127.0.0.1', () => parentPort.postMessage('ready'));
}

/** Files as they are; everything else to WordPress by FastCGI. */
async function serve(root, socket, base, question, answer) {
  const { pathname, search } = new URL(question.url, base);
  const asked = join(root, 'wp', decodeURIComponent(pathname));
  const isScript = pathname.endsWith('.php') && existsSync(asked);
  if (!isScript && existsSync(asked) && statSync(asked).isFile()) return void answer.end(readFileSync(asked));
  const script = isScript ? pathname : '/index.php';
  const parts = [];
  for await (const part of question) parts.push(part);
  const body = Buffer.concat(parts);
  const params = {
    GATEWAY_INTERFACE: 'CGI/1.1', SERVER_PROTOCOL: 'HTTP/1.1', REQUEST_METHOD: question.method, REQUEST_URI: question.url, QUERY_STRING: search.slice(1), SCRIPT_NAME: script,
    SCRIPT_FILENAME: join(root, 'wp', script), DOCUMENT_ROOT: join(root, 'wp'), SERVER_NAME: '127.0.0.1', SERVER_PORT: new URL(base).port, REMOTE_ADDR: '127.0.0.1',
    CONTENT_TYPE: question.headers['content-type'] ?? '', CONTENT_LENGTH: String(body.length),
    ...Object.fromEntries(Object.entries(question.headers).map(([name, value]) => [`HTTP_${name.toUpperCase().replaceAll('-', '_')}`, String(value)])),
  };
  if (existsSync(join(root, 'strip-authorization'))) delete params.HTTP_AUTHORIZATION;
  const said = await through(socket, params, body);
  const end = said.indexOf('\r\n\r\n');
  if (end < 0) {
    answer.writeHead(502).end();
    return;
  }
  const headers = said.subarray(0, end).toString('latin1').split('\r\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  const status = Number(headers.find(([name]) => name.toLowerCase() === 'status')?.[1].slice(0, 3) ?? 200);
  for (const [name, value] of headers) if (name.toLowerCase() !== 'status') answer.appendHeader(name, value);
  answer.writeHead(status).end(said.subarray(end + 4));
}

/** One request over a connection of its own; what a worker said before it ended or died. */
function through(socket, params, body) {
  return new Promise((done) => {
    const out = [];
    let rest = Buffer.alloc(0);
    const link = connect(socket);
    link.on('connect', () => {
      const pairs = Object.entries(params).map(([name, value]) => Buffer.concat([length(name), length(value), Buffer.from(name), Buffer.from(value)]));
      const chunks = [];
      for (let at = 0; at < body.length; at += BODY_BYTES) chunks.push(record(5, body.subarray(at, at + BODY_BYTES)));
      link.write(Buffer.concat([record(1, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0])), record(4, Buffer.concat(pairs)), record(4, Buffer.alloc(0)), ...chunks, record(5, Buffer.alloc(0))]));
    });
    link.on('data', (part) => {
      rest = Buffer.concat([rest, part]);
      while (rest.length >= 8) {
        const size = rest.readUInt16BE(4);
        const whole = 8 + size + rest[6];
        if (rest.length < whole) return;
        if (rest[1] === 6) out.push(rest.subarray(8, 8 + size));
        if (rest[1] === 3) link.end();
        rest = rest.subarray(whole);
      }
    });
    link.on('error', () => {});
    link.on('close', () => done(Buffer.concat(out)));
  });
}

function record(kind, bytes) {
  const head = Buffer.from([1, kind, 0, 1, 0, 0, 0, 0]);
  head.writeUInt16BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

function length(text) {
  const bytes = Buffer.byteLength(text);
  if (bytes < 128) return Buffer.from([bytes]);
  const long = Buffer.alloc(4);
  long.writeUInt32BE((bytes | 0x8000_0000) >>> 0);
  return long;
}
