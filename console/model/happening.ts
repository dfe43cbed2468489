/** An event in words: who did what to whom, and why. */
import type { FeedEvent } from "../../lib/client/events.ts";
import { resourcesText } from "./units.ts";

export type Holdings = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The members of all kinds of events. */
export type Happening = Pick<
  FeedEvent,
  "id" | "subject" | "time" | "cause" | "request_id" | "generation_after" | "change_size"
> & {
  readonly event: string;
  readonly caller?: { readonly kind: string; readonly user: string } | null | undefined;
  readonly project_id: string | null;
  readonly changes: {
    readonly allocations?: Change<Holdings>;
    readonly inventories?: Change<Readonly<Record<string, unknown>>>;
    readonly traits?: Change<readonly string[]>;
    readonly aggregates?: Change<readonly string[]>;
    readonly name?: Change<string>;
    readonly expires_at?: Change<string>;
  };
};

type Change<T> = { readonly before: T | null; readonly after: T | null } | undefined;

const VERBS: Readonly<Record<string, string>> = {
  "placement.allocation.create": "claimed",
  "placement.allocation.update": "changed what is held",
  "placement.allocation.delete": "released",
  "placement.consumer.create": "created the consumer",
  "placement.consumer.update": "changed the consumer",
  "placement.consumer.delete": "deleted the consumer",
  "placement.lease.delete": "confirmed the lease",
  "placement.resource_provider.create": "created the provider",
  "placement.resource_provider.update": "changed the provider",
  "placement.resource_provider.delete": "deleted the provider",
  "placement.inventory.update": "set inventories",
  "placement.traits.update": "set traits",
  "placement.aggregates.update": "set aggregates",
};

const CAUSES: Readonly<Record<string, string>> = {
  provider_emptied: "the host was emptied",
  lease_expired: "the lease expired",
  idle: "it was idle",
  repair: "repair",
  import: "import",
  canary: "canary",
};

export const isOfConsumer = ({ event }: Happening): boolean =>
  /^placement\.(allocation|consumer|lease)\./.test(event);

export const verbOf = ({ event }: Happening): string => VERBS[event] ?? event;
export const causeOf = ({ cause }: Happening): string | undefined => CAUSES[cause];

/** Who asked for it; a task of the service has no caller, and of others a reader may not see it. */
export function callerOf({ caller, cause }: Happening): string {
  if (caller) return caller.user;
  return cause === "request" ? "not shown" : "the service";
}

/** Providers whose use or properties it changed. */
export function providersOf({ event, subject, changes }: Happening): readonly string[] {
  const { allocations } = changes;
  if (allocations !== undefined) {
    return [
      ...new Set([
        ...Object.keys(allocations.before ?? {}),
        ...Object.keys(allocations.after ?? {}),
      ]),
    ];
  }
  return /^placement\.(allocation|consumer|lease)\./.test(event) ? [] : [subject];
}

/** What it was about, in few words. */
export function detailOf(
  { changes }: Happening,
  nameOf: (provider: string) => string = (uuid) => uuid,
): string {
  const { allocations, inventories, traits, aggregates, name, expires_at: expiry } = changes;
  if (allocations !== undefined) return holdingsText(allocations, nameOf);
  if (inventories !== undefined) {
    return [...new Set([...keys(inventories.before), ...keys(inventories.after)])].join(", ");
  }
  const list = traits ?? aggregates;
  if (list !== undefined) {
    const came = (list.after ?? []).filter((each) => list.before?.includes(each) !== true);
    const went = (list.before ?? []).filter((each) => list.after?.includes(each) !== true);
    return [...came.map((each) => `+ ${each}`), ...went.map((each) => `− ${each}`)].join(", ");
  }
  if (name?.after) return name.after;
  if (expiry?.after) return `until ${expiry.after}`;
  return "";
}

const keys = (value: object | null) => Object.keys(value ?? {});

function holdingsText(
  { before, after }: NonNullable<Change<Holdings>>,
  nameOf: (provider: string) => string,
): string {
  const shown = Object.keys(after ?? {}).length > 0 ? after : before;
  return Object.entries(shown ?? {})
    .map(([provider, resources]) => `${resourcesText(resources)} on ${nameOf(provider)}`)
    .join("; ");
}
