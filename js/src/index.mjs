// The package's front door for Node: the host, its store, the loader, and the pieces that a shop may replace.

export { EfectivoError, load, loadSync } from './node.mjs';
export { open } from './host.mjs';
export { letter, mailFolder } from './mail.mjs';
export { orderBook } from './orders.mjs';
export { sqliteStore } from './store/sqlite.mjs';
