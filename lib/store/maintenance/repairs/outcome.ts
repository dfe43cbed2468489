/** What a repair is given and what it reports. */

/** What became of one item; `left`: nothing proves what is right. */
export type Repair = "sound" | "repaired" | "left";

/** Owner of consumers that are made from their look-up items. */
export interface Incomplete {
  readonly project: string;
  readonly user: string;
}
