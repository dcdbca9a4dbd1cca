// The order page's block: heading, state, code, money and open questions in the core's words, read from the app's server with an id token.

import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/admin.order-details.block.render';
import { render } from 'preact';
import address from './address.json' with { type: 'json' };

declare const shopify: Api;

/** What `GET /admin-api/<app>/order-block` tells; every word is the core's. */
export interface Told {
  heading: string;
  tone: 'auto' | 'info' | 'success' | 'warning' | 'critical';
  state_text: string;
  rows: Array<{ label: string; text: string }>;
  /** Open questions, the oldest first. */
  reviews: string[];
  open: { label: string; url: string };
}

export default async function order() {
  const draw = (block: preact.ComponentChild) => render(block, document.body);
  draw(<s-admin-block><s-spinner /></s-admin-block>);
  const told = await ask(shopify.data.selected[0]?.id ?? '').catch(() => null);
  draw(told && <Block told={told} />);
}

/** `null` where the order has no code of ours: the block then stays empty. */
async function ask(id: string): Promise<Told | null> {
  const answer = await fetch(`${address.server}/admin-api/${address.app}/order-block?order=${encodeURIComponent(id)}`, { headers: { Authorization: `Bearer ${await shopify.auth.idToken()}` } });
  return answer.status === 200 ? ((await answer.json()) as Told) : null;
}

function Block({ told }: { told: Told }) {
  return (
    <s-admin-block heading={told.heading} collapsedSummary={told.state_text}>
      <s-stack gap="base">
        <s-badge tone={told.tone}>{told.state_text}</s-badge>
        {told.reviews.map((question) => <s-banner key={question} tone="warning">{question}</s-banner>)}
        {told.rows.map(({ label, text }) => (
          <s-stack key={label} gap="none">
            <s-text color="subdued">{label}</s-text>
            <s-text type="strong">{text}</s-text>
          </s-stack>
        ))}
        <s-link href={told.open.url} target="_blank">{told.open.label}</s-link>
      </s-stack>
    </s-admin-block>
  );
}
