/**
 * Events: what a change did to a consumer or to a provider, who asked for it and why. An event is
 * written with the change that it tells of. See docs/history.md.
 */
import type { Uuid } from "../uuid.ts";

export const CONSUMER_EVENTS = [
  "placement.allocation.create",
  "placement.allocation.update",
  "placement.allocation.delete",
  "placement.consumer.create",
  "placement.consumer.update",
  "placement.consumer.delete",
  "placement.lease.delete",
] as const;

export const PROVIDER_EVENTS = [
  "placement.resource_provider.create",
  "placement.resource_provider.update",
  "placement.resource_provider.delete",
  "placement.inventory.update",
  "placement.traits.update",
  "placement.aggregates.update",
] as const;

export type ConsumerEvent = (typeof CONSUMER_EVENTS)[number];
export type ProviderEvent = (typeof PROVIDER_EVENTS)[number];
export type EventName = ConsumerEvent | ProviderEvent;

/** Why something changed. */
export const CAUSES = [
  "request",
  /** The host of a consumer was emptied by a request. */
  "provider_emptied",
  "lease_expired",
  /** A consumer that held nothing for too long was deleted. */
  "idle",
  "repair",
  "import",
  "canary",
] as const;
export type Cause = (typeof CAUSES)[number];

export interface EventCaller {
  /** Who knows the caller: `iam`, `keystone`, `jwt`, `direct` or `headers`. */
  readonly kind: string;
  readonly user: string;
}

/** Who changes something, and why. */
export interface Author {
  /** Null: a task. */
  readonly caller: EventCaller | null;
  /** Of the request, or of Lambda for a task; null: it has none. */
  readonly requestId: string | null;
  readonly cause: Cause;
}

/** What is compared: a value of JSON, a set of names, or a map by name. */
export type Shown = string | readonly string[] | Readonly<Record<string, unknown>>;

/** Of sets and maps only what differs. Null: there was none, or there is none any more. */
export interface Difference {
  readonly before: Shown | null;
  readonly after: Shown | null;
}

/** By the names that the members have in the API. */
export type Differences = Readonly<Record<string, Difference>>;

/** What an event says of its subject. */
export interface Told {
  readonly subject: Uuid;
  readonly event: EventName;
  /** Null before it existed. */
  readonly generationBefore: number | null;
  /** Null when it exists no more. */
  readonly generationAfter: number | null;
  readonly changes: Differences;
  /** Whether some of the differences were left out, since an event has a greatest size. */
  readonly truncated: boolean;
  /** Whose consumer it is, or was; null for a provider. */
  readonly project: string | null;
}

export interface RecordedEvent extends Told, Author {
  /** The same whenever the event is shown, and of no other event. */
  readonly id: string;
  /** Of a consumer. */
  readonly life: string | null;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The change of which this is one of several events. */
  readonly change: { readonly id: string; readonly size: number } | undefined;
}
