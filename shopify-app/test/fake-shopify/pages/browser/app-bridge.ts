// Runs in a browser, in place of Shopify's app-bridge.js: `shopify.idToken()`, toasts and navigation through the frame around, and requests of the app's own page signed by themselves.

export {};

const [asked, waiting] = [new URLSearchParams(location.search), new Map<number, (value: unknown) => void>()];
let no = 0;

addEventListener('message', ({ data, source }) => {
  if (source !== parent || data?.fake !== 'answer') return;
  waiting.get(data.no)?.(data.value);
  waiting.delete(data.no);
});

/** Asks the frame around; outside of one, what a test put into `fakeIdToken`. */
function ask(what: string): Promise<unknown> {
  const own = (globalThis as { fakeIdToken?: () => Promise<string> | string }).fakeIdToken;
  if (what === 'id-token' && own) return Promise.resolve(own());
  no += 1;
  const mine = no;
  parent.postMessage({ fake: what, no: mine }, '*');
  return new Promise((done) => waiting.set(mine, done));
}

const idToken = (): Promise<string> => ask('id-token') as Promise<string>;
const key = document.querySelector<HTMLMetaElement>('meta[name="shopify-api-key"]')?.content ?? '';

const shopify = {
  config: { apiKey: key, shop: asked.get('shop') ?? '', host: asked.get('host') ?? '', locale: asked.get('locale') ?? 'es' },
  environment: { embedded: parent !== window, mobile: false, intent: false, pos: false },
  ready: Promise.resolve(), idToken,
  toast: { show: (message: string) => { parent.postMessage({ fake: 'toast', message }, '*'); return 'toast-1'; }, hide: () => {} },
  loading: () => {}, user: async () => ({ accountAccess: 'full' }), scopes: { query: async () => ({ granted: [], required: [], optional: [] }) },
  modal: { show: async () => {}, hide: async () => {}, toggle: async () => {} }, saveBar: { show: async () => {}, hide: async () => {}, toggle: async () => {}, leaveConfirmation: async () => {} },
};
Object.assign(globalThis, { shopify });

/** As the real one does: requests to the app's own origin carry an id token; one that was refused for its token is sent again with a fresh one. */
const send = globalThis.fetch.bind(globalThis);
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (new URL(request.url).origin !== location.origin || request.headers.has('authorization')) return send(request);
  const signed = async (): Promise<Response> => {
    const copy = new Request(request.clone());
    copy.headers.set('authorization', `Bearer ${await idToken()}`);
    copy.headers.set('x-requested-with', 'XMLHttpRequest');
    return send(copy);
  };
  const answer = await signed();
  return answer.status === 401 && answer.headers.has('x-shopify-retry-invalid-session-request') ? signed() : answer;
};

/** `shopify://admin/orders/1` and the like are for the frame around. */
document.addEventListener('click', (event) => {
  const link = (event.composedPath() as Element[]).find((one) => one instanceof Element && /^shopify:/.test(one.getAttribute?.('href') ?? ''));
  if (!link) return;
  event.preventDefault();
  parent.postMessage({ fake: 'go', address: link.getAttribute('href') }, '*');
}, true);
const open = globalThis.open.bind(globalThis);
globalThis.open = (address, ...rest) => (String(address).startsWith('shopify:') ? (parent.postMessage({ fake: 'go', address: String(address) }, '*'), null) : open(address, ...rest));
