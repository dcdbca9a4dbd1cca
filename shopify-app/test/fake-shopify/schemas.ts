// Shopify's official GraphQL schemas: brought once from npm, known by their content, and built into what graphql-js validates with.
//
// They are data of the package @shopify/dev-mcp (ISC licence), far too large for the repository, and never committed. `node schemas.ts` brings them.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, GraphQLError, GraphQLScalarType, type GraphQLSchema, type IntrospectionQuery } from 'graphql';

const PACKAGE = '@shopify/dev-mcp@1.16.0';
/** npm's own digest of that version's file. */
const INTEGRITY = 'sha512-tqgRnK7sQhjew+htxtleTH23nXB5fZcsrhWgEkomsorGXvLOB2mh2upwZm8uzuTDNTZnqtLMe64yIwh6s2awtw==';
/** What is kept of it, by SHA-256. */
const FILES: Record<string, string> = {
  'admin_2026-07': '5bcde995c89c59acdb2ee494378d96f45ce7378a16ec829a74b71d696a08ef19',
  'admin_2026-10': 'f3b522f264556925eada700e795e4a002a9cba83444ebcc6c0d724254a0c6593',
  'payments-apps_2026-07': '2b7ddee2b728abbbb69bb3cfac26c34a5403fa5e039cf50e88f0a19451d80a9b',
  'payments-apps_2026-10': '2b7ddee2b728abbbb69bb3cfac26c34a5403fa5e039cf50e88f0a19451d80a9b',
  'functions_payment_customization_2026-07': '346114c979b8a9a21ce9f60e98b10e91a6ac029d0f1141e48c950a9ed21dcfd7',
  'functions_payment_customization_2026-10': 'ea7a7e5e7ac6e73cc63871f5edabd9cbd6cee0440c09f95e7512a29f07f84a0c',
};

export type Version = '2026-07' | '2026-10';
export type Api = 'admin' | 'payments-apps' | 'functions_payment_customization';
export const VERSIONS: readonly Version[] = ['2026-07', '2026-10'];

/** A schema, and who may use what of it: scopes by `Type` and by `Type.field`, any one of a list being enough. */
export interface Official {
  schema: GraphQLSchema;
  access: Map<string, { scopes: string[]; words: string }>;
  /** `Type.field` → `name`, `email`, `phone` or `address` of a customer. */
  guarded: Map<string, string>;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = process.env.EFECTIVO_SHOPIFY_SCHEMAS ?? join(process.env.CARGO_TARGET_DIR ? resolve(ROOT, process.env.CARGO_TARGET_DIR) : join(ROOT, 'target'), 'shopify-schemas');

const built = new Map<string, Official>();

/** One schema; brought from npm where it isn't there yet. */
export function official(api: Api, version: Version, folder = FOLDER): Official {
  const name = `${api}_${version}`;
  const key = `${folder}/${name}`;
  const known = built.get(key);
  if (known) return known;
  bring(folder);
  const file = join(folder, `${name}.json.gz`);
  const introspection = JSON.parse(gunzipSync(readFileSync(file)).toString()).data as IntrospectionQuery;
  const schema = buildClientSchema(introspection, { assumeValid: true });
  strictScalars(schema);
  const made = { schema, ...guards(introspection) };
  built.set(key, made);
  return made;
}

/** Brings the files where one is missing or isn't the one that is meant; a reader sees whole files only. */
export function bring(folder = FOLDER): void {
  const right = (name: string, at: string): boolean => existsSync(at) && sha256(readFileSync(at)) === FILES[name];
  if (Object.keys(FILES).every((name) => right(name, join(folder, `${name}.json.gz`)))) return;
  mkdirSync(folder, { recursive: true });
  const half = mkdtempSync(join(folder, '.half-'));
  try {
    execFileSync('npm', ['pack', PACKAGE, '--silent', '--pack-destination', half], { cwd: half, stdio: ['ignore', 'ignore', 'pipe'] });
    const archive = join(half, 'shopify-dev-mcp-1.16.0.tgz');
    const digest = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (digest !== INTEGRITY) throw new Error(`${PACKAGE} is not the file that this project was written against (${digest})`);
    execFileSync('tar', ['xzf', archive, '-C', half, ...Object.keys(FILES).map((name) => `package/dist/data/${name}.json.gz`)]);
    for (const [name, sum] of Object.entries(FILES)) {
      const bytes = readFileSync(join(half, 'package/dist/data', `${name}.json.gz`));
      if (sha256(bytes) !== sum) throw new Error(`the schema ${name} has other contents than expected`);
      writeFileSync(join(half, name), bytes);
      renameSync(join(half, name), join(folder, `${name}.json.gz`));
    }
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

interface Told { name: string; requiredAccess?: string | null; isProtected?: boolean; protectedContent?: string | null; protectedSubject?: string | null; accessRestricted?: boolean }

/** Shopify writes the scopes that a type or a field needs into its schema; graphql-js drops them, so they are read beside. */
function guards(introspection: IntrospectionQuery): Pick<Official, 'access' | 'guarded'> {
  const access: Official['access'] = new Map();
  const guarded: Official['guarded'] = new Map();
  const mutation = introspection.__schema.mutationType?.name;
  const note = (key: string, words: string | null | undefined): void => {
    const scopes = [...(words ?? '').matchAll(/`([a-z_]+)` access scope/g)].map(([, scope]) => whole(scope ?? '', key.startsWith(`${mutation}.`)));
    if (words && scopes.length > 0) access.set(key, { scopes, words });
  };
  for (const type of introspection.__schema.types as unknown as Array<Told & { fields: Told[] | null }>) {
    note(type.name, type.requiredAccess);
    for (const field of type.fields ?? []) {
      note(`${type.name}.${field.name}`, field.requiredAccess);
      if (field.isProtected && field.protectedSubject === 'customer') guarded.set(`${type.name}.${field.name}`, field.protectedContent === 'None' ? 'name' : field.protectedContent ?? 'name');
    }
  }
  return { access, guarded };
}

/** "`orders` access scope" at a mutation means the right to write them. */
const whole = (scope: string, writes: boolean): string => (/^(read|write)_/.test(scope) ? scope : `${writes ? 'write' : 'read'}_${scope}`);

/** The schema's own scalars say nothing of their form; these refuse what Shopify would. */
function strictScalars(schema: GraphQLSchema): void {
  const forms: Record<string, RegExp> = {
    DateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/,
    Decimal: /^-?\d+(\.\d+)?$/,
    Money: /^-?\d+(\.\d+)?$/,
    URL: /^https?:\/\/\S+$/,
  };
  for (const [name, form] of Object.entries(forms)) {
    const scalar = schema.getType(name);
    if (!(scalar instanceof GraphQLScalarType)) continue;
    const take = (value: unknown): string => {
      if (form.test(String(value))) return String(value);
      throw new GraphQLError(`Variable of type ${name} was provided invalid value`);
    };
    scalar.coerceInputValue = take;
    scalar.coerceInputLiteral = (node) => take('value' in node ? node.value : undefined);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  bring();
  process.stdout.write(`${FOLDER}\n`);
}
