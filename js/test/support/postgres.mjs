// A PostgreSQL cluster of its own for tests and benchmarks: made in a temporary folder, reached by a Unix socket only, gone with the process that asked for it.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** How long the server may take to answer its first question. */
const READY_MS = 30_000;
/** The server ends when its watcher's input does: with `stop`, and also when whoever asked for it is killed. */
const WATCHED = '"$@" & server=$!; while kill -0 $server 2>/dev/null; do if read -r line; then kill -s "$line" $server; else kill -INT $server; break; fi; done; wait $server';

/** Why there can be no cluster on this machine, as the reason of a skip; `false` where there can. */
export function lacksPostgres() {
  if (!binaries()) return 'PostgreSQL isn’t installed (Debian: apt-get install postgresql)';
  return process.getuid() === 0 && !unprivileged() ? 'PostgreSQL does not run as root, and there is no other user' : false;
}

/** Makes and starts a cluster. `settings` are server settings; durable unless they say otherwise. */
export async function startPostgres({ settings = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'efectivo-pg-'));
  const user = process.getuid() === 0 ? unprivileged() : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  execFileSync(join(binaries(), 'initdb'), ['-D', data, '-U', 'efectivo', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], { ...user, cwd: folder, stdio: 'ignore', env: {} });
  const it = { folder, connectionString: `postgres://efectivo@localhost/postgres?host=${encodeURIComponent(folder)}`, start, stop, close, query, settled };
  let server = null;

  /** Starts the server, again after a `stop`; resolves when it answers. */
  async function start() {
    const all = { listen_addresses: '', unix_socket_directories: folder, max_connections: 200, log_min_messages: 'fatal', ...settings };
    const words = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server = spawn('/bin/sh', ['-c', WATCHED, 'sh', join(binaries(), 'postgres'), '-D', data, ...words], { ...user, cwd: folder, stdio: ['pipe', 'ignore', 'ignore'], env: {} });
    for (const until = Date.now() + READY_MS; ;) {
      if (await query('SELECT 1').then(() => true, () => false)) return it;
      if (Date.now() > until || server.exitCode !== null) throw new Error('PostgreSQL did not start');
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** Stops the server as if the power went out (`QUIT`), or in order (`INT`). */
  async function stop(signal = 'INT') {
    if (!server || server.exitCode !== null) return;
    const gone = once(server, 'exit');
    server.stdin.end(`${signal}\n`);
    await gone;
  }

  async function query(text, values) {
    const client = new pg.Client({ connectionString: it.connectionString });
    client.on('error', () => {});
    await client.connect();
    return client.query(text, values).finally(() => client.end());
  }

  /** Resolves once the server has been up long enough that a process whose lock is gone counts as dead. */
  function settled() {
    return query('SELECT pg_sleep(greatest(0, 5.1 - extract(epoch FROM now() - pg_postmaster_start_time())))');
  }

  async function close() {
    await stop('QUIT');
    rmSync(folder, { recursive: true, force: true });
  }

  return start();
}

/** Debian keeps the server's programs out of the PATH. */
function binaries() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [process.env.EFECTIVO_POSTGRES_BIN, ...versions.map((version) => join(debian, version, 'bin')), ...process.env.PATH.split(':')];
  return folders.find((folder) => folder && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

function unprivileged() {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((which) => Number(execFileSync('id', [which, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })));
      return { uid, gid };
    } catch { /* the next */ }
  }
  return null;
}
