// The thank-you page's block: the merchant places it in the checkout editor.

import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/purchase.thank-you.block.render';
import { mount } from './mount.tsx';

declare const shopify: Api;

export default function thankYou() {
  const order = { id: shopify.orderConfirmation.value.order.id, checkout_token: shopify.checkoutToken.value };
  return mount(order, () => shopify.sessionToken.get());
}
