/** A measured cost beside the one that is kept. */
import type { Cost } from "./counting.ts";

export interface Counted extends Cost {
  /** Round trips that it should take at most; null where nothing is asked. */
  readonly aim: number | null;
  /** Bytes of the body of the answer, not compressed. */
  readonly answerBytes: number;
}

/** By group, by the name of the shape. */
export type Costs = Readonly<Record<string, Readonly<Record<string, Counted>>>>;

const MEANT = "if that is meant: WRITE_COSTS=1 npx vitest run test/costs, then npm run docs";

/** What differs, in words; nothing if the costs are equal. */
export function compare(kept: Counted | undefined, counted: Counted): string[] {
  if (kept === undefined) return [`is not in test/fixtures/costs.json; ${MEANT}`];
  const names = Object.keys(counted) as (keyof Counted)[];
  return names.flatMap((name) => {
    const [before, now] = [kept[name], counted[name]];
    if (before === now) return [];
    const way = (now ?? 0) > (before ?? 0) ? "rose" : "fell";
    return [`${name} ${way} from ${before} to ${now}; ${MEANT}`];
  });
}
