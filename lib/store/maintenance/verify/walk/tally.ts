/** What a verification counts, invocation by invocation, and what is kept of it at its end. */
import { type VerifyTally, verifiedItem } from "../../../items/verified.ts";
import type { MaintenanceStore } from "../../../maintenance-store.ts";
import type { VerifyReport } from "./verify-table.ts";

/** Of a walk that begins. @param now milliseconds since 1970 */
export const emptyTally = (now: number): VerifyTally => ({
  since: now,
  checked: 0,
  rules: {},
  repaired: 0,
  unsettled: 0,
});

export function added(
  { since, checked, rules, repaired, unsettled }: VerifyTally,
  report: Omit<VerifyReport, "next">,
): VerifyTally {
  const counts: Record<string, number> = { ...rules };
  for (const { rule } of report.findings) counts[rule] = (counts[rule] ?? 0) + 1;
  const done = report.findings.filter(({ outcome }) => outcome === "repaired").length;
  return {
    since,
    checked: checked + report.checked,
    rules: counts,
    repaired: repaired + done,
    unsettled: unsettled + report.unsettled.length,
  };
}

/** Keeps what a walk has found that came to its end; of two at once, the later one stays. */
export async function noteVerified(store: MaintenanceStore, tally: VerifyTally): Promise<void> {
  const item = verifiedItem({ ...tally, at: store.clock.now() });
  await store.writeAlone({ kind: "put", item, when: [] });
}
