// Stands in for Shopify's CDN and admin on this machine: an embedded page's scripts, and the origins that its policy names, are moved to the fake's own address.

const CDN = 'https://cdn.shopify.com';
const SCRIPTS: Record<string, string> = { [`${CDN}/shopifycloud/app-bridge.js`]: '/fake/app-bridge.js', [`${CDN}/shopifycloud/polaris.js`]: '/fake/components.js' };

/** An answer that leads a browser to a shop's own host leads it to the fake's pages of that shop. */
export function led(answer: Response, base: string): Response {
  const to = /^https:\/\/([a-z0-9-]+\.myshopify\.com)(\/.*)$/.exec(answer.headers.get('location') ?? '');
  if (!to) return answer;
  const headers = new Headers(answer.headers);
  headers.set('location', `${base}/s/${to[1]}${to[2]}`);
  return new Response(answer.body, { status: answer.status, headers });
}

/** An app's answer as the fake's admin shows it in a frame; what isn't a page passes through unread. */
export async function moved(answer: Response, base: string, shop: string): Promise<Response> {
  if (!answer.headers.get('content-type')?.startsWith('text/html')) return answer;
  const headers = new Headers(answer.headers);
  const policy = headers.get('content-security-policy');
  if (policy) headers.set('content-security-policy', policy.replaceAll(CDN, base).replaceAll('https://admin.shopify.com', base).replaceAll(`https://${shop}`, base));
  headers.delete('content-length');
  let text = await answer.text();
  for (const [from, to] of Object.entries(SCRIPTS)) text = text.replaceAll(from, `${base}${to}`);
  return new Response(text, { status: answer.status, headers });
}
