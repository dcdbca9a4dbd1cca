// A real shop for the tests: WordPress, WooCommerce and MariaDB on loopback, in a folder of its own that goes away with it.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFpm } from './fpm.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PLUGIN = fileURLToPath(new URL('../..', import.meta.url));
const WOOCOMMERCE = '10.2.4';
const WORDPRESS = '6.9.7';
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'efectivo');

/** What a shop is made of: `{ wordpress, woocommerce }` as folders, or `{ missing }` in sentences. */
export async function parts() {
  const missing = [];
  for (const program of ['php', 'curl', 'mariadbd', 'mariadb-install-db']) {
    if (spawnSync('sh', ['-c', `command -v ${program}`], { env: withSbin() }).status !== 0) missing.push(`${program} isn't installed (Debian: apt-get install php8.2-cli php8.2-mysql php8.2-xml php8.2-intl php8.2-curl php8.2-mbstring mariadb-server)`);
  }
  if (!existsSync(join(PLUGIN, 'core/Core.php'))) missing.push('the translated core is missing: cargo xtask php');
  const wordpress = await found('WP_ROOT', 'wp-load.php', `https://wordpress.org/wordpress-${WORDPRESS}.zip`, 'wordpress', missing);
  const woocommerce = await found('WOOCOMMERCE_DIR', 'woocommerce.php', `https://downloads.wordpress.org/plugin/woocommerce.${WOOCOMMERCE}.zip`, 'woocommerce', missing);
  return missing.length > 0 ? { missing } : { wordpress, woocommerce };
}

/** A folder that a variable names, or the official zip, fetched once. */
async function found(variable, mark, url, inside, missing) {
  const named = process.env[variable];
  if (named) {
    if (existsSync(join(named, mark))) return named;
    missing.push(`${variable} names ${named}, where there is no ${mark}`);
    return null;
  }
  const folder = join(CACHE, url.split('/').at(-1).replace(/\.zip$/, ''));
  if (existsSync(join(folder, inside, mark))) return join(folder, inside);
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(60_000) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}.zip`, Buffer.from(await answer.arrayBuffer()));
    execFileSync('unzip', ['-q', '-o', `${folder}.zip`, '-d', folder]);
    return join(folder, inside);
  } catch (error) {
    missing.push(`${inside} can't be had from ${new URL(url).host} (${error.cause?.code ?? error.message}), and ${variable} names no copy`);
    return null;
  }
}

/** Whether orders are rows of WooCommerce's own tables (HPOS), or posts as in older shops: `EFECTIVO_ORDERS=posts` runs any file of tests over those. */
const POSTS = process.env.EFECTIVO_ORDERS === 'posts';

/** Starts a shop. `kept` names a folder that stays; `port` is any free one where none is given; a `bare` one has not got the plugin yet; in a `plain` one nothing is switched on; in one of `posts` orders are posts; `fpm` is served by php-fpm, whose `workers` can be killed. */
export async function startSite({ wordpress, woocommerce }, { kept = null, port = null, bare = false, plain = false, posts = POSTS, fpm = false, copied = false } = {}) {
  const root = kept ?? mkdtempSync(join(tmpdir(), 'efectivo-woo-'));
  const fresh = !existsSync(join(root, 'wp/wp-config.php'));
  mkdirSync(root, { recursive: true });
  const base = `http://127.0.0.1:${port ?? (await freePort())}`;
  const database = await startDatabase(root, fresh);
  if (fresh) {
    cpSync(wordpress, join(root, 'wp'), { recursive: true });
    symlinkSync(woocommerce, join(root, 'wp/wp-content/plugins/woocommerce'));
    const mine = join(root, 'wp/wp-content/plugins/efectivo');
    if (copied) cpSync(PLUGIN, mine, { recursive: true, filter: (from) => !from.startsWith(join(PLUGIN, 'tests')) });
    else if (!bare) symlinkSync(PLUGIN, mine);
    mkdirSync(join(root, 'wp/wp-content/mu-plugins'), { recursive: true });
    symlinkSync(join(HERE, 'mu-plugin.php'), join(root, 'wp/wp-content/mu-plugins/efectivo-tests.php'));
  }
  if (posts) writeFileSync(join(root, 'orders-are-posts'), '');
  writeFileSync(join(root, 'wp/wp-config.php'), config(root, base));
  const site = { root, base, ...commands(root, base, database.env, fpm) };
  if (fresh) site.php('install.php', plain ? 'plain' : bare ? 'bare' : 'whole');
  const server = await (fpm ? startFpm : startServer)(root, base, database.env);
  return { ...site, workers: server.workers, crash: (point, nth = 1) => writeFileSync(join(root, 'crash'), `${point}\n${nth}`), stop: async () => { await server.stop(); await database.stop(); if (!kept) rmSync(root, { recursive: true, force: true }); } };
}

function commands(root, base, env, fpm) {
  /** Runs a file of this folder inside WordPress, as an own worker; what it prints, as JSON. */
  const run = (file, words) => spawnSync('php', ['-d', 'memory_limit=512M', join(HERE, file), join(root, 'wp'), ...words], { encoding: 'utf8', env, maxBuffer: 64 << 20 });
  const php = (file, ...words) => {
    const ran = run(file, words);
    if (ran.status !== 0) throw new Error(`${file} ${words.join(' ')} ended with ${ran.status ?? ran.signal}: ${ran.stdout}\n${ran.stderr}`);
    const line = ran.stdout.trim().split('\n').at(-1);
    return line ? JSON.parse(line) : null;
  };
  const tell = (...words) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return toldBy(words);
      } catch (error) {
        if (!/said nothing$/.test(error.message) || tries >= (fpm ? 3 : 1)) throw error; // a worker that a siege has killed
      }
    }
  };
  const toldBy = (words) => {
    const asked = JSON.stringify(words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))));
    const said = execFileSync('curl', ['-s', '--max-time', '120', '-H', 'X-Efectivo-Tell: 1', '-H', 'Content-Type: text/plain', '--data-binary', '@-', `${base}/`], { input: asked, encoding: 'utf8', maxBuffer: 64 << 20 });
    try {
      return JSON.parse(said.trim().split('\n').at(-1));
    } catch {
      throw new Error(`${words.join(' ')} said ${said.slice(0, 2_000) || 'nothing'}`);
    }
  };
  const worker = (words, after, more = {}) => {
    const child = spawn('php', ['-d', 'memory_limit=512M', join(HERE, 'tell.php'), join(root, 'wp'), ...words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word)))], { env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'inherit'] });
    const timer = after === null ? null : setTimeout(() => child.kill('SIGKILL'), after);
    let said = '';
    child.stdout.on('data', (part) => { said += part; });
    return once(child, 'close').then(([code, signal]) => { clearTimeout(timer); return { code, signal, said }; });
  };
  const ahead = () => (existsSync(join(root, 'ahead')) ? Number(readFileSync(join(root, 'ahead'), 'utf8')) : 0);
  return {
    php,
    tell,
    /** The same as a worker beside this one, which may die. */
    beside: (...words) => worker(words, null),
    /** The same in another environment. */
    under: (more, ...words) => worker(words, null, more),
    /** The same, killed after so many milliseconds; `null` for not at all. */
    killed: (after, ...words) => worker(words, after),
    sweep: () => tell('sweep'),
    wind: (ms) => writeFileSync(join(root, 'ahead'), String(ahead() + ms)),
    mails: () => (existsSync(join(root, 'mails.jsonl')) ? readFileSync(join(root, 'mails.jsonl'), 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)) : []),
    forgetMails: () => rmSync(join(root, 'mails.jsonl'), { force: true }),
    log: () => (existsSync(join(root, 'wp/wp-content/debug.log')) ? readFileSync(join(root, 'wp/wp-content/debug.log'), 'utf8') : ''),
  };
}

function config(root, base) {
  const socket = join(root, 'db.sock');
  return `<?php // The test shop's own settings.
define( 'DB_NAME', 'shop' ); define( 'DB_USER', 'root' ); define( 'DB_PASSWORD', '' ); define( 'DB_HOST', 'localhost:${socket}' ); define( 'DB_CHARSET', 'utf8mb4' ); define( 'DB_COLLATE', '' );
foreach ( array( 'AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT' ) as $name ) { define( $name, $name . ' of the tests' ); }
define( 'WP_HOME', '${base}' ); define( 'WP_SITEURL', '${base}' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true ); define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1,localhost' ); define( 'DISABLE_WP_CRON', true ); define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_DEBUG', true ); define( 'WP_DEBUG_LOG', true ); define( 'WP_DEBUG_DISPLAY', false ); define( 'WP_ENVIRONMENT_TYPE', 'local' ); define( 'FS_METHOD', 'direct' );
define( 'EFECTIVO_TEST_ROOT', '${root}' );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) { define( 'ABSPATH', __DIR__ . '/' ); }
require_once ABSPATH . 'wp-settings.php';
`;
}

/** An empty database. Setting one up goes wrong once in a while on a busy machine: it is tried anew once, and then says why. */
function installDatabase(data, env, isLast = false) {
  const words = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'];
  const { status, stdout, stderr, error } = spawnSync('mariadb-install-db', words, { env, encoding: 'utf8' });
  if (status === 0) return;
  if (isLast) throw new Error(`mariadb-install-db failed twice: ${error ?? `${stdout}${stderr}`}`);
  rmSync(data, { recursive: true, force: true });
  installDatabase(data, env, true);
}

async function startDatabase(root, fresh) {
  const [data, socket, env] = [join(root, 'db'), join(root, 'db.sock'), withSbin()];
  if (fresh) installDatabase(data, env);
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const child = spawn('mariadbd', ['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, '--skip-networking', '--innodb-flush-log-at-trx-commit=1', '--max-connections=200', `--pid-file=${join(root, 'db.pid')}`, ...user], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part) => { said += part; });
  process.once('exit', () => child.kill('SIGKILL'));
  for (let tries = 0; tries < 150; tries += 1) {
    const up = spawnSync('mariadb', ['--no-defaults', `--socket=${socket}`, '-uroot', '-e', 'CREATE DATABASE IF NOT EXISTS shop'], { env });
    if (up.status === 0) return { env, stop: () => ended(child) };
    if (child.exitCode !== null) break;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`MariaDB didn't start: ${said.slice(-2_000)}`);
}

async function startServer(root, base, env) {
  const port = new URL(base).port;
  const words = ['-d', 'memory_limit=512M', '-d', 'opcache.enable=1', '-d', 'opcache.memory_consumption=512', '-d', 'opcache.max_accelerated_files=20000', '-d', 'opcache.enable_cli=1', '-d', 'opcache.file_update_protection=0', '-d', 'display_errors=0', '-S', `127.0.0.1:${port}`, '-t', join(root, 'wp'), join(HERE, 'router.php')];
  const child = spawn('php', words, { env: { ...env, PHP_CLI_SERVER_WORKERS: '6' }, stdio: ['ignore', 'ignore', 'ignore'], detached: true });
  process.once('exit', () => { try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has ended */ } });
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await fetch(`${base}/readme.html`);
      return { stop: () => ended(child, true) };
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  throw new Error('PHP’s web server didn’t start');
}

/** Ends a program that we started; `group` with its workers. */
async function ended(child, group = false) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  process.kill(group ? -child.pid : child.pid, 'SIGTERM');
  await gone;
}

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}

function withSbin() {
  return { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };
}
