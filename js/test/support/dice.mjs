// Numbers that look random and come back with their seed (splitmix32: neighbours, and every n-th of them, are independent enough for dice thrown by several calls in turn).

/** Dice of a seed: `next()` in 0…1, `pick(list)` one of a list. */
export function randomly(seed) {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  return { next, pick: (list) => list[Math.floor(next() * list.length)] };
}
