/** A request that is repeated under its `Idempotency-Key` gets the answer of the one that was done. */
import type { Attempt, History } from "./history.ts";
import type { World } from "./world.ts";

interface Kept {
  readonly attempt: Attempt;
  readonly worlds: readonly World[];
}

/**
 * The attempt, with what another attempt of the same operation committed; undefined: none did before it
 * was answered. Once every reader sees that commit, no repeat is refused.
 */
export function keptFor({ attempts, worlds }: History, attempt: Attempt): Kept | undefined {
  const { operation, until = 0, from, commits, answer } = attempt;
  if (commits.length > 0) return undefined;
  const first = attempts.find((each) => each.operation === operation && each.commits.length > 0);
  const [commit] = first?.commits ?? [];
  if (first === undefined || commit === undefined || commit.index > until) return undefined;
  if ((answer?.status ?? 500) >= 400 && commit.index > from) return undefined;
  const begin = Math.min(first.from, from);
  const merged = { ...attempt, commits: [commit], from: begin };
  return { attempt: merged, worlds: worlds.slice(begin, until + 1) };
}
