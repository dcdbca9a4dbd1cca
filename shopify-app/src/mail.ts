// Mails by the merchant's own mail server. While none is set they wait: nothing is tried, nothing is lost, and the desk says so loudly.

import { createTransport } from 'nodemailer';
import type { Mail, MailPort } from 'efectivo';
import type { Log } from './log.ts';
import type { Shop } from './shops.ts';

/** A mail server that doesn't answer within this is tried again later. */
const ANSWERS_WITHIN_MS = 15_000;

export interface Smtp {
  host: string;
  port: number;
  secure: boolean;
  user: string;
  password: string;
}

/** Sends one mail by a mail server; a test's own may stand in for it. */
export type Mailer = (smtp: Smtp | null, mail: Mail) => Promise<void>;

/** The mail port of a shop. `ready` is asked before a mail leaves the records. */
export function mailPort({ shop, password, log }: { shop: Shop; password: string; log: Log }, mailer?: Mailer): MailPort & { ready(): boolean } {
  const { smtp } = shop.settings;
  const server = smtp && { ...smtp, password };
  return {
    ready: () => mailer !== undefined || server !== null,
    async send(mail) {
      await (mailer ?? sendBySmtp)(server, mail);
      log('mail', { shop: shop.key });
    },
  };
}

/** The Message-ID is the core's and fixed: a mail that is sent again after a crash shows once. */
async function sendBySmtp(smtp: Smtp | null, { to, from, subject, html, text, message_id }: Mail): Promise<void> {
  if (!smtp) throw Object.assign(new Error('no mail server is set'), { code: 'no_smtp' });
  const transport = createTransport({
    host: smtp.host, port: smtp.port, secure: smtp.secure, requireTLS: !smtp.secure && smtp.user !== '', connectionTimeout: ANSWERS_WITHIN_MS, greetingTimeout: ANSWERS_WITHIN_MS, socketTimeout: ANSWERS_WITHIN_MS,
    ...(smtp.user ? { auth: { user: smtp.user, pass: smtp.password } } : {}), disableFileAccess: true, disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ to, from, subject, html, text, messageId: message_id });
  } catch (cause) {
    // The library's message quotes the server's answer, which may quote the shopper's address.
    const { code, responseCode } = cause as { code?: string; responseCode?: number };
    throw Object.assign(new Error('the mail server did not take the mail'), { code: `smtp_${responseCode ?? code ?? 'failed'}` });
  } finally {
    transport.close();
  }
}
