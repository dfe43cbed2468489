/** Inputs and outcomes of repairs. */

/** The outcome for one item; `left`: nothing proves what is right. */
export type Repair = "sound" | "repaired" | "left";

/** The owner of consumers that are rebuilt from their look-up items. */
export interface Incomplete {
  readonly project: string;
  readonly user: string;
}
