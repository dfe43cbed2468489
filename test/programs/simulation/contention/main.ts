/**
 * Prints what the policies of lib/store/table/retry.ts come to where many claim from one provider: the
 * figures of docs/performance.md, "One provider that everybody claims from".
 */
import { afterConflict, fullJitter, type Policy } from "../../../../lib/store/table/retry.ts";
import { seeded } from "../../../support/chance.ts";
import { play, type Times } from "./model.ts";

const CLAIMS = 5_000;
const SEED = 11;
/** Of a request, in milliseconds. */
const DEADLINE = 24_000;
const WRITERS = [1, 8, 32, 128];
const TIMES: readonly Times[] = [
  [5, 25],
  [3, 12],
  [10, 60],
];
const POLICIES: readonly (readonly [name: string, Policy])[] = [
  ["after a conflict", afterConflict],
  ["full jitter", fullJitter],
  ["full jitter to 250 ms", (attempt, fraction) => fraction * Math.min(250, 15 * 2 ** attempt)],
  ["125 ms in the mean", (_, fraction) => 250 * fraction],
];

console.log(
  "| transaction ms | policy | writers | claims/s | p50 ms | p99 ms | longest ms | tries | tries/s | 503 |",
);
for (const times of TIMES) {
  for (const [name, policy] of POLICIES) {
    for (const writers of WRITERS) {
      const { fraction } = seeded(SEED);
      const load = { writers, claims: CLAIMS, times, policy, fraction, deadline: DEADLINE };
      const { rate, p50, p99, longest, tries, busy } = play(load);
      const figures = [rate.toFixed(1), p50, p99, longest, tries.toFixed(1), rate * tries, busy];
      const shown = figures.map((figure) =>
        typeof figure === "number" ? Math.round(figure).toLocaleString("en") : figure,
      );
      console.log(`| ${times.join(" to ")} | ${name} | ${writers} | ${shown.join(" | ")} |`);
    }
  }
}
