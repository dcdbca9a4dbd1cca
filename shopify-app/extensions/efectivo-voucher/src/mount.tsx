// Joins the questions and the block: draws what was told last, until the code has come to an end.

import { render } from 'preact';
import { follow, type Order } from './ask.ts';
import { Block } from './Block.tsx';

export function mount(order: Order, token: () => Promise<string>, login?: () => void): Promise<void> {
  const draw = (block: preact.ComponentChild) => render(block, document.body);
  draw(<Block told={undefined} stale={false} />);
  return follow(order, {
    token, login,
    show: (told, stale) => draw(<Block told={told} stale={stale} />),
    hide: () => draw(null),
    wait: (ms) => new Promise((done) => setTimeout(done, ms)),
  });
}
