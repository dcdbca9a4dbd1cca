// Runs in a browser: the admin around an embedded app. It answers the app's bridge: fresh id tokens, toasts, and addresses to go to.

export {};

const frame = document.querySelector<HTMLIFrameElement>('iframe[data-app]');

addEventListener('message', async ({ data, source }) => {
  if (!frame || source !== frame.contentWindow || typeof data?.fake !== 'string') return;
  const answer = (value: unknown): void => frame.contentWindow?.postMessage({ fake: 'answer', no: data.no, value }, '*');
  if (data.fake === 'id-token') answer(((await (await fetch(`/admin/${frame.dataset.app}/id-token`)).json()) as { token: string }).token);
  if (data.fake === 'toast') {
    const toast = document.getElementById('toast');
    if (toast) toast.textContent = String(data.message);
  }
  if (data.fake === 'go') {
    const order = /^(?:shopify:\/?\/?|shopify:)admin\/orders\/(\d+)/.exec(String(data.address));
    if (order) location.assign(`/admin/${frame.dataset.app}/orders/${order[1]}`);
  }
});
