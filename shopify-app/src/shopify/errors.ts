// What goes wrong with Shopify, by name.

import { EfectivoError } from 'efectivo';

/** The failures by name: `left` says whether Shopify may have acted. */
export class ShopifyError extends EfectivoError {
  readonly left: boolean;
  constructor(code: string, message: string, help: string, left: boolean, retry: 'no' | 'later' = 'later') {
    super({ code, message, help, retry });
    this.name = 'ShopifyError';
    this.left = left;
  }
}

/** `out_of_points` where Shopify said how many it has left, `throttled` where it only refused or the wait was too long. */
export const slowDown = (code: 'out_of_points' | 'throttled'): ShopifyError => new ShopifyError(code, 'Shopify asks to slow down', 'The work goes on by itself.', false);
