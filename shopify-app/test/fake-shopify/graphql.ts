// One GraphQL endpoint of Shopify's: checks version, token, cost, schema and scopes, then really executes; every document seen is kept.

import { execute, getNamedType, getOperationAST, GraphQLError, type DocumentNode, type GraphQLFieldResolver, type GraphQLFormattedError, isInterfaceType, isObjectType, isUnionType, parse, specifiedRules, validate } from 'graphql';
import { Bucket, costOf, MOST_COST } from './cost.ts';
import { tokenOf } from './oauth.ts';
import { type Api, official, type Official, type Version, VERSIONS } from './schemas.ts';
import type { App, Ctx, Shop, Token } from './world.ts';

/** A document as the app sent it, and what was wrong with it. */
export interface Seen { api: Api; version: string; shop: string; client_id: string; fields: string[]; query: string; variables: Record<string, unknown>; invalid: string[]; warnings: string[] }

/** What the resolvers get as their context. */
export interface Call { ctx: Ctx; shop: Shop; app: App; token: Token; version: Version; variables: Record<string, unknown>; search: unknown[] }

export interface Endpoint { api: Api; root: Record<string, unknown>; schemas?: string | undefined; seen: Seen[]; buckets: Map<string, Bucket> }

/** Answers a request whose path and shop are known already. */
export async function answer(at: Endpoint, ctx: Ctx, shop: Shop, version: string, request: { method: string; headers: Headers; body: string }): Promise<Response> {
  if (request.method !== 'POST') return Response.json({ errors: 'Not Found' }, { status: 404 });
  if (shop.standing === 'frozen') return Response.json({ errors: 'Unavailable Shop' }, { status: 402 });
  const token = tokenOf(ctx, shop, request.headers.get('x-shopify-access-token'));
  const app = token && ctx.app(token.client_id);
  if (!token || !app) return Response.json({ errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' }, { status: 401 });
  if (!VERSIONS.includes(version as Version)) return Response.json({ errors: `Not Found: the fake has no version ${version}` }, { status: 404 });
  if (shop.standing === 'inactive') return errors([{ message: 'Shop is inactive', extensions: { code: 'SHOP_INACTIVE' } }]);
  const asked = read(request.body);
  if (!asked) return Response.json({ errors: { query: 'Required parameter missing or invalid' } }, { status: 400 });
  return judged(at, { ctx, shop, app, token, version: version as Version, variables: asked.variables, search: [] }, asked);
}

function read(body: string): { query: string; variables: Record<string, unknown>; operationName?: string } | null {
  try {
    const asked = JSON.parse(body);
    return typeof asked.query === 'string' ? { query: asked.query, variables: asked.variables ?? {}, operationName: asked.operationName } : null;
  } catch {
    return null;
  }
}

async function judged(at: Endpoint, call: Call, asked: { query: string; variables: Record<string, unknown>; operationName?: string }): Promise<Response> {
  const schema = official(at.api, call.version, at.schemas);
  const seen: Seen = { api: at.api, version: call.version, shop: call.shop.domain, client_id: call.app.client_id, fields: [], query: asked.query, variables: asked.variables, invalid: [], warnings: [] };
  at.seen.push(seen);
  const wrong = (found: readonly GraphQLError[], code?: string): Response => {
    seen.invalid.push(...found.map(({ message }) => message));
    return errors(found.map((error) => ({ ...error.toJSON(), ...(code ? { extensions: { code } } : {}) })));
  };
  let document: DocumentNode;
  try {
    document = parse(asked.query);
  } catch (error) {
    return wrong([error as GraphQLError]);
  }
  const found = validate(schema.schema, document, specifiedRules);
  if (found.length > 0) return wrong(found);
  const operation = getOperationAST(document, asked.operationName);
  if (!operation) return wrong([new GraphQLError('An operation name is required')], 'BAD_REQUEST');
  seen.fields = operation.selectionSet.selections.flatMap((one) => (one.kind === 'Field' ? [one.name.value] : []));

  const cost = costOf(schema.schema, document, operation, asked.variables);
  const bucket = bucketOf(at, call);
  if (cost > MOST_COST) return errors([{ message: `Query cost is ${cost}, which exceeds the single query max cost limit (${MOST_COST}).`, extensions: { code: 'MAX_COST_EXCEEDED', cost, maxCost: MOST_COST } }]);
  if (!bucket.take(cost, call.ctx.now())) return errors([THROTTLED], { cost: bucket.told(cost, null) });

  const done = await execute({ schema: schema.schema, document, rootValue: at.root, contextValue: call, variableValues: asked.variables, operationName: asked.operationName ?? null, fieldResolver: resolver(schema), typeResolver: (value) => (value as { __typename?: string }).__typename });
  const shaped = done.errors?.map((error) => {
    const code = (error.originalError as { code?: string } | undefined)?.code ?? error.extensions.code;
    if (!code) seen.invalid.push(error.message);
    return { ...error.toJSON(), extensions: { ...error.extensions, ...(code ? { code } : {}) } } as GraphQLFormattedError;
  });
  for (const one of call.search as Array<{ warnings: Array<{ field: string }> }>) seen.warnings.push(...one.warnings.map(({ field }) => field));
  const extensions = { cost: bucket.told(cost, cost), ...(call.search.length ? { search: call.search } : {}) };
  return Response.json({ ...(done.data === undefined ? {} : { data: done.data }), ...(shaped ? { errors: shaped } : {}), extensions });
}

export const THROTTLED = { message: 'Throttled', extensions: { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/rate-limits' } };

/** GraphQL errors arrive as HTTP 200 [facts §1.1]. */
export const errors = (found: unknown[], extensions?: object): Response => Response.json({ errors: found, ...(extensions ? { extensions } : {}) });

function bucketOf(at: Endpoint, { app, shop }: Call): Bucket {
  const key = `${app.client_id} ${shop.domain}`;
  const known = at.buckets.get(key) ?? new Bucket(shop.plus);
  at.buckets.set(key, known);
  return known;
}

/** Looks a field up as graphql-js does by itself, after the scopes that the schema names for it; a field that the fake doesn't play is an error, never a silent null. */
function resolver(schema: Official): GraphQLFieldResolver<unknown, Call> {
  return (source, args, call, info) => {
    const place = `${info.parentType.name}.${info.fieldName}`;
    const type = getNamedType(info.returnType);
    for (const needed of [schema.access.get(place), isObjectType(type) || isInterfaceType(type) || isUnionType(type) ? schema.access.get(type.name) : undefined]) {
      if (needed && !needed.scopes.some((scope) => grants(call.token.scopes, scope))) throw denied(info.fieldName, needed.words);
    }
    const content = schema.guarded.get(place);
    if (content && !call.app.customer_data.includes(content as 'name')) throw denied(info.fieldName, `This app is not approved to use the ${info.fieldName} field.`, '');
    const value = (source as Record<string, unknown>)[info.fieldName];
    if (value === undefined) throw new Error(`the fake Shopify doesn't play ${place}: teach it in test/fake-shopify`);
    return typeof value === 'function' ? value.call(source, args, call, info) : value;
  };
}

/** To write includes to read. */
const grants = (granted: string[], scope: string): boolean => granted.includes(scope) || granted.includes(scope.replace(/^read_/, 'write_'));

export function denied(field: string, requiredAccess: string, before = 'Required access: '): GraphQLError {
  const message = before ? `Access denied for ${field} field. ${before}${requiredAccess}` : requiredAccess;
  return new GraphQLError(message, { extensions: { code: 'ACCESS_DENIED', documentation: 'https://shopify.dev/api/usage/access-scopes', requiredAccess } });
}
