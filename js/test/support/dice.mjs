// Numbers that look random and come back with their seed (xorshift, 32 bits).

/** Dice of a seed: `next()` in 0…1, `pick(list)` one of a list. */
export function randomly(seed) {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  return { next, pick: (list) => list[Math.floor(next() * list.length)] };
}
