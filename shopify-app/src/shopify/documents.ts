// Every GraphQL document that the SHOP role sends, for Admin API 2026-07; a test holds each against the real schemas.

/** What the core needs of an order, and nothing of the person. */
const ORDER = /* GraphQL */ `
fragment OrderFacts on Order {
  id legacyResourceId name test createdAt updatedAt cancelledAt fullyPaid canMarkAsPaid displayFinancialStatus paymentGatewayNames
  checkoutToken tags presentmentCurrencyCode
  totalOutstandingSet { presentmentMoney { amount currencyCode } }
  currentTotalPriceSet { presentmentMoney { amount currencyCode } }
  metafield(namespace: "$app", key: "voucher") { value compareDigest }
  transactions(first: 30) { id kind status test gateway manualPaymentGateway createdAt amountSet { presentmentMoney { amount currencyCode } } parentTransaction { id } }
  refunds(first: 10) { id note createdAt transactions(first: 5) { nodes { id kind status gateway manualPaymentGateway amountSet { presentmentMoney { amount currencyCode } } parentTransaction { id } } } }
}`;

/** An order as it stands; asked before every decision about it. */
export const ORDER_READ = /* GraphQL */ `
query OrderRead($id: ID!) { order(id: $id) { ...OrderFacts } }
${ORDER}`;

/** Who pays, and what of: asked once, when a code is to be made. Level 2 of Shopify's protected customer data. */
export const ORDER_PAYER = /* GraphQL */ `
query OrderPayer($id: ID!) {
  order(id: $id) {
    ...OrderFacts
    email phone clientIp customAttributes { key value }
    billingAddress { firstName lastName phone countryCodeV2 } shippingAddress { firstName lastName phone countryCodeV2 }
    localizedFields(first: 10) { nodes { key value } }
  }
}
${ORDER}`;

/** Tags of what was bought, asked only where a channel excludes some; needs read_products. */
export const ORDER_TAGS = /* GraphQL */ `
query OrderTags($id: ID!) { order(id: $id) { lineItems(first: 50) { nodes { product { tags } } } } }`;

/** Whose order it is, asked only where a logged-in customer looks at an order without its checkout token; needs read_customers. */
export const ORDER_CUSTOMER = /* GraphQL */ `
query OrderCustomer($id: ID!) { order(id: $id) { customer { id } } }`;

/** Orders that changed, for the sweep; those that are ours are read one by one (a query may cost 1,000 points at most). */
export const ORDERS_CHANGED = /* GraphQL */ `
query OrdersChanged($query: String!, $after: String) {
  orders(first: 50, after: $after, query: $query, sortKey: UPDATED_AT) { nodes { legacyResourceId updatedAt paymentGatewayNames } pageInfo { hasNextPage endCursor } }
}`;

/** The shop's own card and what this app may do. */
export const SHOP_CARD = /* GraphQL */ `
query ShopCard {
  shop { id name contactEmail currencyCode myshopifyDomain primaryDomain { host } plan { shopifyPlus partnerDevelopment } }
  currentAppInstallation { accessScopes { handle } }
}`;

export const MARK_PAID = /* GraphQL */ `
mutation MarkPaid($id: ID!) {
  orderMarkAsPaid(input: { id: $id }) { order { ...OrderFacts } userErrors { field message } }
}
${ORDER}`;

/** Asynchronous: the job is followed to its end, then the order is read. Irreversible. */
export const CANCEL = /* GraphQL */ `
mutation Cancel($id: ID!, $note: String) {
  orderCancel(orderId: $id, reason: OTHER, restock: true, notifyCustomer: true, staffNote: $note) { job { id done } orderCancelUserErrors { code field message } }
}`;

export const JOB = /* GraphQL */ `
query JobDone($id: ID!) { job(id: $id) { id done } }`;

/** Compare and set: another writer's value is never overwritten unread. */
export const SET_VOUCHER = /* GraphQL */ `
mutation SetVoucher($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { metafields { compareDigest } userErrors { field message code } }
}`;

export const TAG = /* GraphQL */ `
mutation Tag($id: ID!, $add: [String!]!) { tagsAdd(id: $id, tags: $add) { userErrors { field message } } }`;

export const UNTAG = /* GraphQL */ `
mutation Untag($id: ID!, $remove: [String!]!) { tagsRemove(id: $id, tags: $remove) { userErrors { field message } } }`;

/** Needs `@idempotent` from version 2026-04 on; the schema does not say so, a test does. */
export const RECORD_REFUND = /* GraphQL */ `
mutation RecordRefund($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) { refund { id } userErrors { field message } }
}`;

/** The newest orders: the only place where a manual method's name can be read. */
export const RECENT_METHODS = /* GraphQL */ `
query RecentMethods {
  orders(first: 25, sortKey: CREATED_AT, reverse: true) { nodes { id paymentGatewayNames } }
}`;

/** Which Functions hide or rename methods, and our rules among them; needs write_payment_customizations. */
export const RULES = /* GraphQL */ `
query Rules($after: String) {
  paymentCustomizations(first: 25, after: $after) { nodes { id enabled shopifyFunction { handle } metafield(namespace: "$app", key: "payment_rules") { value } } pageInfo { hasNextPage endCursor } }
}`;

export const CREATE_RULES = /* GraphQL */ `
mutation CreateRules($to: PaymentCustomizationInput!) {
  made: paymentCustomizationCreate(paymentCustomization: $to) { paymentCustomization { id } userErrors { code field message } }
}`;

export const UPDATE_RULES = /* GraphQL */ `
mutation UpdateRules($id: ID!, $to: PaymentCustomizationInput!) {
  made: paymentCustomizationUpdate(id: $id, paymentCustomization: $to) { paymentCustomization { id } userErrors { code field message } }
}`;

/** All of them, by name, for the schema test. */
export const DOCUMENTS = { ORDER_READ, ORDER_PAYER, ORDER_TAGS, ORDER_CUSTOMER, ORDERS_CHANGED, RECENT_METHODS, SHOP_CARD, MARK_PAID, CANCEL, JOB, SET_VOUCHER, TAG, UNTAG, RECORD_REFUND, RULES, CREATE_RULES, UPDATE_RULES };
