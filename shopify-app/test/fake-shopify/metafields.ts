// Metafields of orders and payment customizations: all or nothing, compared before they are set [the schema's words on metafieldsSet].

import type { Call } from './graphql.ts';
import * as orders from './orders.ts';
import { digest, gidOf, metafieldView, space } from './views.ts';
import { type Metafield, newId, type Order } from './world.ts';

/** What carries metafields; `touched` tells the shop that it changed. */
export interface Owner { metafields: Metafield[]; gid: string; type: 'ORDER' | 'PAYMENT_CUSTOMIZATION'; touched(): void }

export const ownedByOrder = (call: Call, order: Order): Owner => ({ metafields: order.metafields, gid: orders.gid(order), type: 'ORDER', touched: () => orders.touched(call.ctx, call.shop, order) });

/** The owner of a gid, or undefined where there is none that this token sees. */
export function ownerOf(call: Call, id: string, seen: (call: Call, id: string) => Order | null): Owner | undefined {
  const customization = call.shop.customizations.find((one) => gidOf('PaymentCustomization', one.id) === id);
  if (customization) return { metafields: customization.metafields, gid: id, type: 'PAYMENT_CUSTOMIZATION', touched: () => {} };
  const order = seen(call, id);
  return order ? ownedByOrder(call, order) : undefined;
}

export interface SetInput { ownerId: string; namespace?: string; key: string; type?: string; value: string; compareDigest?: string | null }

type Wrong = { message: string; code: string };

/** Why one can't be set, or null. */
export function wrongWith(call: Call, owner: Owner, input: Omit<SetInput, 'ownerId'>): Wrong | null {
  const namespace = space(call, input.namespace);
  const known = owner.metafields.find((one) => one.namespace === namespace && one.key === input.key);
  if (namespace.startsWith('app--') && !namespace.startsWith(space(call))) return { message: 'Access to this namespace and key on Metafields for this resource type is not allowed.', code: 'APP_NOT_AUTHORIZED' };
  if (!/^[\w-]{2,64}$/.test(input.key)) return { message: 'Key must be 2 to 64 letters, digits, hyphens or underscores.', code: input.key.length < 2 ? 'TOO_SHORT' : 'INVALID' };
  if (!input.type && !known) return { message: "Type can't be blank", code: 'BLANK' };
  if (input.value === '') return { message: "Value can't be blank.", code: 'BLANK' };
  if ((input.type ?? known?.type) === 'json' && !isJson(input.value)) return { message: 'Value is invalid JSON.', code: 'INVALID_VALUE' };
  // `null` means: only where there is none yet.
  if (input.compareDigest !== undefined && input.compareDigest !== (known ? digest(known.value) : null)) return { message: 'The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.', code: 'STALE_OBJECT' };
  return null;
}

export function set(call: Call, owner: Owner, input: Omit<SetInput, 'ownerId'>): Metafield {
  const now = call.ctx.now();
  const namespace = space(call, input.namespace);
  const known = owner.metafields.find((one) => one.namespace === namespace && one.key === input.key);
  const one = known ?? { id: newId(call.ctx.world), namespace, key: input.key, type: input.type ?? '', value: '', created: now, updated: now };
  Object.assign(one, { type: input.type ?? one.type, value: input.value, updated: now });
  if (!known) owner.metafields.push(one);
  owner.touched();
  return one;
}

/** The mutation. */
export function metafieldsSet(seen: (call: Call, id: string) => Order | null): (args: { metafields: SetInput[] }, call: Call) => object {
  return ({ metafields }, call) => {
    const wrong = ({ message, code }: Wrong, index: number): object => ({ metafields: null, userErrors: [{ field: ['metafields', String(index)], message, code, elementIndex: index }] });
    if (metafields.length > 25) return wrong({ message: 'Exceeded the maximum metafields input limit of 25.', code: 'LESS_THAN_OR_EQUAL_TO' }, 25);
    const checked: Array<{ owner: Owner; input: SetInput }> = [];
    for (const [index, input] of metafields.entries()) {
      const owner = ownerOf(call, input.ownerId, seen);
      if (!owner) return wrong({ message: 'Owner does not exist.', code: 'INVALID' }, index);
      const found = wrongWith(call, owner, input);
      if (found) return wrong(found, index);
      checked.push({ owner, input });
    }
    return { metafields: checked.map(({ owner, input }) => metafieldView(call, owner, set(call, owner, input))), userErrors: [] };
  };
}

const isJson = (text: string): boolean => {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
};
