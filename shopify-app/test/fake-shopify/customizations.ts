// Payment customizations: which Function of the app a shop's checkout runs, with its settings as a metafield. Functions of custom apps are for Plus only [facts §0.4, §4].

import type { Call } from './graphql.ts';
import { set, wrongWith, type Owner } from './metafields.ts';
import { connection, gidOf, metafieldView, type Page, space } from './views.ts';
import { newId, type Customization } from './world.ts';

/** In each shop [facts §4]. */
const MOST = 25;

interface Input { title?: string; enabled?: boolean; functionHandle?: string; functionId?: string; metafields?: Array<{ namespace?: string; key?: string; type?: string; value?: string }> }

const owned = (one: Customization): Owner => ({ metafields: one.metafields, gid: gidOf('PaymentCustomization', one.id), type: 'PAYMENT_CUSTOMIZATION', touched: () => {} });

function view(call: Call, one: Customization): object {
  return {
    __typename: 'PaymentCustomization', id: gidOf('PaymentCustomization', one.id), title: one.title, enabled: one.enabled, functionId: one.function, errorHistory: null,
    shopifyFunction: { __typename: 'ShopifyFunction', id: one.function, handle: one.function, title: one.function, apiType: 'payment_customization', apiVersion: call.version, appKey: call.app.client_id },
    metafield: ({ namespace, key }: { namespace?: string; key: string }) => metafieldView(call, owned(one), one.metafields.find((field) => field.namespace === space(call, namespace) && field.key === key)),
    metafields: (page: Page) => connection(one.metafields, page, (field) => metafieldView(call, owned(one), field)),
  };
}

const no = (code: string, message: string, ...field: string[]): object => ({ paymentCustomization: null, deletedId: null, userErrors: [{ code, message, field: field.length > 0 ? field : null }] });

function written(call: Call, one: Customization, input: Input): object {
  for (const field of input.metafields ?? []) {
    const wrong = wrongWith(call, owned(one), { ...field, key: field.key ?? '', value: field.value ?? '' });
    if (wrong) return no('INVALID_METAFIELDS', wrong.message, 'paymentCustomization', 'metafields');
  }
  Object.assign(one, { title: input.title ?? one.title, enabled: input.enabled ?? one.enabled });
  for (const field of input.metafields ?? []) set(call, owned(one), { ...field, key: field.key ?? '', value: field.value ?? '' });
  if (!call.shop.customizations.includes(one)) call.shop.customizations.push(one);
  return { paymentCustomization: view(call, one), userErrors: [] };
}

function create({ paymentCustomization: input }: { paymentCustomization: Input }, call: Call): object {
  const { shop, app } = call;
  const handle = input.functionHandle ?? input.functionId;
  if (input.functionHandle && input.functionId) return no('MULTIPLE_FUNCTION_IDENTIFIERS', 'Only one of function_id or function_handle can be provided, not both.');
  if (!handle) return no('MISSING_FUNCTION_IDENTIFIER', 'Either function_id or function_handle must be provided.');
  if (!input.title) return no('REQUIRED_INPUT_FIELD', 'Required input field must be present.', 'paymentCustomization', 'title');
  if (!app.functions.includes(handle)) return no('FUNCTION_NOT_FOUND', `Function ${handle} not found. Ensure that it is released in the current app, and that the app is installed.`, 'paymentCustomization', 'functionHandle');
  if (app.own_organization && !shop.plus) return no('CUSTOM_APP_FUNCTION_NOT_ELIGIBLE', 'Shop plan not eligible to use Functions from a custom app.');
  if (shop.customizations.length >= MOST) return no('MAXIMUM_PAYMENT_CUSTOMIZATIONS', 'The maximum number of payment customizations per shop has been reached.');
  return written(call, { id: newId(call.ctx.world), title: input.title, enabled: false, function: handle, client_id: app.client_id, metafields: [] }, input);
}

const own = (call: Call, id: string): Customization | undefined => call.shop.customizations.find((one) => gidOf('PaymentCustomization', one.id) === id && one.client_id === call.app.client_id);
const missing = (): object => no('PAYMENT_CUSTOMIZATION_NOT_FOUND', 'Payment customization not found.', 'id');

export const customizationsRoot: Record<string, unknown> = {
  paymentCustomizations: (page: Page, call: Call) => connection(call.shop.customizations.filter((one) => one.client_id === call.app.client_id), page, (one) => view(call, one)),
  paymentCustomization: ({ id }: { id: string }, call: Call) => { const one = own(call, id); return one ? view(call, one) : null; },
  paymentCustomizationCreate: create,
  paymentCustomizationUpdate({ id, paymentCustomization: input }: { id: string; paymentCustomization: Input }, call: Call) {
    const one = own(call, id);
    if (!one) return missing();
    const handle = input.functionHandle ?? input.functionId;
    return handle && handle !== one.function ? no('FUNCTION_ID_CANNOT_BE_CHANGED', 'Function ID cannot be changed.', 'paymentCustomization') : written(call, one, input);
  },
  paymentCustomizationDelete({ id }: { id: string }, call: Call) {
    const one = own(call, id);
    if (!one) return missing();
    call.shop.customizations.splice(call.shop.customizations.indexOf(one), 1);
    return { deletedId: id, userErrors: [] };
  },
};
