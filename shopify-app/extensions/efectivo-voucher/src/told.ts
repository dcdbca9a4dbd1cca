// What the server tells of a code: the core's `brief`, with an address for the barcode's picture. Every word that a shopper reads is in it.

export interface Told {
  state: string;
  /** Whether the shopper may pay with what is shown. */
  payable: boolean;
  /** When to ask again, in milliseconds; 0 for not any more. */
  again_ms: number;
  heading: string;
  message: string;
  code?: string;
  code_grouped?: string;
  amount_text: string;
  deadline_text?: string;
  provider: string;
  page_url: string;
  /** A PNG of the provider's Code 128, where there is one. */
  barcode_url?: string;
  labels: Record<'code' | 'code_hint' | 'amount' | 'deadline' | 'copy' | 'copied' | 'copy_failed' | 'open' | 'qr_hint' | 'qr_not_payable' | 'barcode' | 'stale', string> & { test?: string };
}
