import type { Random } from "../clock.ts";

/** `items` in a uniformly random order; shuffles only as far as they are taken. */
export function* shuffled(
  items: Iterable<number>,
  random: Pick<Random, "fraction">,
): Generator<number> {
  const left = [...items];
  for (let end = left.length; end > 0; end -= 1) {
    const index = Math.floor(random.fraction() * end);
    const item = left[index] ?? 0;
    left[index] = left[end - 1] ?? 0;
    yield item;
  }
}
