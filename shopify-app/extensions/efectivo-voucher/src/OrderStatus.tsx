// The order status page's block, beneath the payment: there without being placed, and for as long as the page is.

import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/customer-account.order-status.payment-details.render-after';
import { mount } from './mount.tsx';

declare const shopify: Api;

export default function orderStatus() {
  const id = shopify.order.value?.id;
  if (!id) return undefined;
  return mount({ id, checkout_token: shopify.checkoutToken.value }, () => shopify.sessionToken.get(), () => { void shopify.requireLogin(); });
}
