/**
 * What belongs to the canary alone: its provider, class and consumer, and whose the consumer is.
 * They are the same in every run, so that a run finds what an earlier one left behind.
 */
import type { Inventory } from "./inventory.ts";
import { NO_UUID, parseUuid, type Uuid } from "./uuid.ts";

/**
 * The class of the canary's provider, which has no other. What it holds is no capacity of a
 * cloud, so reports leave it out.
 */
export const CANARY_CLASS = "CUSTOM_PLACEMENT_CANARY";

interface Canary {
  readonly provider: Uuid;
  /** The provider's. */
  readonly name: string;
  readonly resourceClass: string;
  readonly consumer: Uuid;
  readonly project: string;
  readonly user: string;
  readonly consumerType: string;
}

/** The uuids are of version 5, of the URLs `serverless-placement/canary/provider` and `…/consumer`. */
export const CANARY: Canary = {
  provider: parseUuid("1344a060-1677-5079-9a21-f0e1c937f187") ?? NO_UUID,
  name: "placement-canary",
  resourceClass: CANARY_CLASS,
  consumer: parseUuid("4196e361-8787-5a82-b0d0-4af24702e36e") ?? NO_UUID,
  project: "placement-canary",
  user: "placement-canary",
  consumerType: "PLACEMENT_CANARY",
};

/** Room for one claim of one. */
export const CANARY_INVENTORY: Inventory = {
  total: 1,
  reserved: 0,
  minUnit: 1,
  maxUnit: 1,
  stepSize: 1,
  allocationRatio: 1,
};
