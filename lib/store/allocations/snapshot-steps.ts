/** The step sizes that a claim may take for granted, since its search has checked them. */
import type { ProviderChange } from "../../model/claim.ts";
import { NONE } from "../../model/snapshot/columns.ts";
import type { Snapshot } from "../../model/snapshot/snapshot.ts";
import type { KnownSteps } from "./claim-writes.ts";

export function stepsIn(snapshot: Snapshot, changes: readonly ProviderChange[]): KnownSteps {
  const { stepSize } = snapshot.columns;
  return new Map(
    changes.map(({ provider, classes }) => {
      const row = snapshot.rowOf(provider);
      const steps = [...classes.keys()].map((id) => {
        const slot = snapshot.slotOf(row, id);
        return [id, slot === NONE ? 1 : (stepSize[slot] ?? 1)] as const;
      });
      return [provider, new Map(steps)] as const;
    }),
  );
}
