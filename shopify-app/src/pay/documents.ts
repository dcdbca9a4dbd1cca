// Every question that role PAY asks of Shopify: the Payments Apps API, and nothing else (App Store requirement 5.2.4).

/** Whether Shopify answers at all, and still speaks our version. */
export const VERSIONS = `query Versions { publicApiVersions { handle supported } }`;

/** The payment waits for the shopper; the address that leads back to the shop's own page. */
export const PENDING = `mutation Pending($id: ID!, $until: DateTime!, $reason: PaymentSessionStatePendingReason!) {
  paymentSessionPending(id: $id, pendingExpiresAt: $until, reason: $reason) {
    paymentSession { id nextAction { action context { ... on PaymentSessionActionsRedirect { redirectUrl } } } }
    userErrors { field message code }
  }
}`;

/** Plain user errors, without a code. */
export const RESOLVE = `mutation Resolve($id: ID!) {
  paymentSessionResolve(id: $id) {
    paymentSession { id state { ... on PaymentSessionStateResolved { code } } }
    userErrors { field message }
  }
}`;

export const REJECT = `mutation Reject($id: ID!, $reason: PaymentSessionRejectionReasonInput!) {
  paymentSessionReject(id: $id, reason: $reason) {
    paymentSession { id state { ... on PaymentSessionStateRejected { code } } }
    userErrors { field message }
  }
}`;

export const REFUND_RESOLVE = `mutation RefundResolve($id: ID!) {
  refundSessionResolve(id: $id) { refundSession { id } userErrors { field message code } }
}`;

export const REFUND_REJECT = `mutation RefundReject($id: ID!, $reason: RefundSessionRejectionReasonInput!) {
  refundSessionReject(id: $id, reason: $reason) { refundSession { id } userErrors { field message code } }
}`;

export const CONFIGURE = `mutation Configure($handle: String, $ready: Boolean!) {
  paymentsAppConfigure(externalHandle: $handle, ready: $ready) { paymentsAppConfiguration { externalHandle ready } userErrors { field message } }
}`;
