// What a query costs, and the bucket that it is paid from.
//
// The rules are Shopify's published ones in short, from memory and unverified here: an object is a point, a connection its page, a mutation ten.

import { type DocumentNode, getNamedType, type GraphQLSchema, type GraphQLOutputType, isCompositeType, isObjectType, type OperationDefinitionNode, type SelectionSetNode, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

/** No single query may ask for more. */
export const MOST_COST = 1_000;
const MUTATION_COST = 10;

/** The points of a plan: what the bucket holds, and what runs back in each second. */
const PLANS = { plain: [2_000, 100], plus: [20_000, 1_000] } as const;

export class Bucket {
  readonly #most: number;
  readonly #rate: number;
  #left: number;
  #at = 0;

  constructor(plus: boolean) {
    [this.#most, this.#rate] = plus ? PLANS.plus : PLANS.plain;
    this.#left = this.#most;
  }

  take(cost: number, now: number): boolean {
    this.#left = Math.min(this.#most, this.#left + (this.#at ? Math.max(0, now - this.#at) / 1_000 : 0) * this.#rate);
    this.#at = now;
    if (cost > this.#left) return false;
    this.#left -= cost;
    return true;
  }

  /** Empties it, as another app's or tab's calls would. */
  drain(now: number): void {
    this.#left = 0;
    this.#at = now;
  }

  told(requestedQueryCost: number, actualQueryCost: number | null): object {
    return { requestedQueryCost, actualQueryCost, throttleStatus: { maximumAvailable: this.#most, currentlyAvailable: Math.floor(this.#left), restoreRate: this.#rate } };
  }
}

export function costOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Record<string, unknown>): number {
  const fragments = new Map(document.definitions.flatMap((one) => (one.kind === 'FragmentDefinition' ? [[one.name.value, one] as const] : [])));
  const types = new TypeInfo(schema);
  /** Every field with its type, found once. */
  const typed = new Map<unknown, GraphQLOutputType>();
  visit(document, visitWithTypeInfo(types, { Field: (node) => void typed.set(node, types.getType() as GraphQLOutputType) }));

  const inside = (set: SelectionSetNode | undefined, depth: number): number => {
    if (!set || depth > 20) return 0;
    let sum = 0;
    for (const one of set.selections) {
      if (one.kind === 'InlineFragment') sum += inside(one.selectionSet, depth + 1);
      else if (one.kind === 'FragmentSpread') sum += inside(fragments.get(one.name.value)?.selectionSet, depth + 1);
      else {
        const type = getNamedType(typed.get(one) as GraphQLOutputType);
        if (!isCompositeType(type)) continue;
        if (isObjectType(type) && type.name.endsWith('Connection')) {
          const page = one.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last')?.value;
          const size = page?.kind === 'IntValue' ? Number(page.value) : page?.kind === 'Variable' ? Number(variables[page.name.value] ?? 10) : 10;
          const nodes = one.selectionSet?.selections.filter((child) => child.kind === 'Field' && ['nodes', 'edges'].includes(child.name.value)) ?? [];
          sum += 2 + Math.ceil(Math.log2(size + 1)) * Math.max(1, ...nodes.map((node) => (node.kind === 'Field' ? 1 + inside(node.selectionSet, depth + 1) : 0)));
        } else sum += 1 + inside(one.selectionSet, depth + 1);
      }
    }
    return sum;
  };
  return operation.operation === 'mutation' ? MUTATION_COST * operation.selectionSet.selections.length : Math.max(1, inside(operation.selectionSet, 0));
}
