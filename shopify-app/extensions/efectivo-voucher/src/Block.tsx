// The block itself: amount, code, deadline, copy, QR and barcode with Shopify's own components; it counts nothing down (App Store requirement 5.6).

import { useState } from 'preact/hooks';
import type { Told } from './told.ts';

/** `told` is `undefined` while the first answer is under way. */
export function Block({ told, stale }: { told?: Told | undefined; stale: boolean }) {
  if (!told) return <s-section><s-skeleton-paragraph /></s-section>;
  const { labels } = told;
  return (
    <s-section heading={told.heading}>
      <s-stack gap="base">
        {labels.test && <s-banner tone="warning">{labels.test}</s-banner>}
        {stale && <s-banner tone="info">{labels.stale}</s-banner>}
        <s-paragraph>{told.message}</s-paragraph>
        {told.code && <Code told={told} code={told.code} />}
        {told.payable && <Pictures told={told} />}
        <s-button href={told.page_url} target="_blank" variant={told.code ? 'secondary' : 'primary'} inlineSize="fill">{labels.open}</s-button>
      </s-stack>
    </s-section>
  );
}

function Code({ told, code }: { told: Told; code: string }) {
  const { labels } = told;
  const [said, say] = useState<string>();
  return (
    <s-box border="base" borderRadius="base" padding="base">
      <s-stack gap="base">
        <s-stack gap="small-500">
          <s-text color="subdued">{labels.code}</s-text>
          <s-heading>{told.code_grouped ?? code}</s-heading>
          <s-text color="subdued">{labels.code_hint}</s-text>
        </s-stack>
        <s-clipboard-item id="efectivo-code" text={code} onCopy={() => say(labels.copied)} onCopyError={() => say(labels.copy_failed)} />
        <s-button command="--copy" commandFor="efectivo-code" variant="primary" inlineSize="fill">{said ?? labels.copy}</s-button>
        <s-divider />
        <s-stack gap="small-500">
          <s-text color="subdued">{labels.amount}</s-text>
          <s-text type="strong">{told.amount_text}</s-text>
        </s-stack>
        {told.deadline_text && (
          <s-stack gap="small-500">
            <s-text color="subdued">{labels.deadline}</s-text>
            <s-text type="strong">{told.deadline_text}</s-text>
          </s-stack>
        )}
      </s-stack>
    </s-box>
  );
}

/** The QR opens the voucher's page on a phone, and says so; nobody is paid with it. */
function Pictures({ told }: { told: Told }) {
  const { labels } = told;
  return (
    <s-stack gap="base">
      {told.barcode_url && (
        <s-stack gap="small-500">
          <s-image src={told.barcode_url} alt={labels.barcode} inlineSize="auto" loading="lazy" />
          <s-text color="subdued">{labels.barcode}</s-text>
        </s-stack>
      )}
      <s-stack gap="small-500" alignItems="center">
        <s-qr-code content={told.page_url} size="base" accessibilityLabel={labels.qr_hint} />
        <s-text>{labels.qr_hint}</s-text>
        <s-text color="subdued">{labels.qr_not_payable}</s-text>
      </s-stack>
    </s-stack>
  );
}
