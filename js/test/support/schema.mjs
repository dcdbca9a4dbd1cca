// Holds a value against the part of JSON Schema that our OpenAPI document uses; a keyword that isn't known here fails loudly.

const KNOWN = new Set(['$ref', 'type', 'enum', 'oneOf', 'required', 'properties', 'additionalProperties', 'items', 'description']);
const TYPES = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

/** Where a value does not fit a schema, as sentences. */
export function misfits(value, schema, document, at = '$') {
  const strange = Object.keys(schema).find((keyword) => !KNOWN.has(keyword));
  if (strange) throw new Error(`the schema uses ${strange}`);
  if (schema.$ref) return misfits(value, schema.$ref.slice(2).split('/').reduce((part, name) => part[name], document), document, at);
  if (schema.oneOf) return schema.oneOf.filter((one) => misfits(value, one, document, at).length === 0).length === 1 ? [] : [`${at} fits not exactly one`];
  if (schema.enum && !schema.enum.includes(value)) return [`${at} is ${JSON.stringify(value)}`];
  if (schema.type && ![schema.type].flat().some((type) => TYPES[type](value))) return [`${at} is no ${schema.type}`];
  if (schema.items) return value.flatMap((one, n) => misfits(one, schema.items, document, `${at}[${n}]`));
  if (!schema.properties || !TYPES.object(value)) return [];
  const missing = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`);
  const inside = Object.entries(value).flatMap(([name, one]) => {
    if (schema.properties[name]) return misfits(one, schema.properties[name], document, `${at}.${name}`);
    return schema.additionalProperties === false ? [`${at}.${name} is not documented`] : [];
  });
  return [...missing, ...inside];
}
