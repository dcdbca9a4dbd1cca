// The simulated merchant's keys at the sandbox, on both sides: made up, good for nothing else.

/** What a new world knows of the merchant; the notice addresses are filled in by whoever serves it. */
export const accountsFor = (base) => ({
  own_key: 'demo-key',
  own_secret: 'demo-secret-of-the-sandbox',
  own_notice_url: `${base}/avisos/sandbox`,
  pagoefectivo_service_id: 1234,
  pagoefectivo_access_key: 'DEMOACCESSKEY0000001',
  pagoefectivo_secret_key: 'demo-secret-of-pagoefectivo',
  pagoefectivo_notice_url: `${base}/avisos/pagoefectivo`,
  dlocal_login: 'demologin',
  dlocal_trans_key: 'demotrans',
  dlocal_secret_key: 'demo-secret-of-dlocal',
});

/** The same keys as a host gives them to the core. */
export const CREDENTIALS = {
  own: { sandbox: { key: 'demo-key', secret: 'demo-secret-of-the-sandbox' } },
  pagoefectivo: { pagoefectivo: { service_id: '1234', access_key: 'DEMOACCESSKEY0000001', secret_key: 'demo-secret-of-pagoefectivo' } },
  dlocal: { dlocal: { login: 'demologin', trans_key: 'demotrans', secret_key: 'demo-secret-of-dlocal' } },
};
