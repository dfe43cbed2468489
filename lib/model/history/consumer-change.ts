/** What the change of a consumer tells. */
import { type Consumer, isIdle } from "../consumer.ts";
import type { Lease } from "../lease.ts";
import { differencesOf, type Members, type Names, namedAmounts } from "./differences.ts";
import type { Cause, ConsumerEvent, Told } from "./event.ts";
import { fitting } from "./truncate.ts";

export interface ConsumerChanged {
  readonly of: "consumer";
  /** What the change was about; `lease`: a lease was confirmed. */
  readonly about: "allocations" | "consumer" | "lease";
  readonly before: Consumer | undefined;
  readonly after: Consumer | undefined;
  /** Why, where the author's own cause does not say it. */
  readonly cause?: Cause;
}

/** The changes of `planned` consumers of which any exists before or afterwards. */
export function allocationsChanged(
  planned: readonly Pick<ConsumerChanged, "before" | "after">[],
  cause?: Cause,
): ConsumerChanged[] {
  return planned.flatMap(({ before, after }) =>
    before === undefined && after === undefined
      ? []
      : { of: "consumer", about: "allocations", before, after, ...(cause && { cause }) },
  );
}

/** A consumer whose life ends and that begins another one at once has two events. */
export function livesOf(changed: ConsumerChanged): ConsumerChanged[] {
  const { before, after } = changed;
  if (before === undefined || after === undefined) return [changed];
  if (before.incarnation === after.incarnation) return [changed];
  return [
    { ...changed, after: undefined },
    { ...changed, before: undefined },
  ];
}

export function toldOfConsumer(changed: ConsumerChanged, names: Names): Told | undefined {
  const { before, after } = changed;
  const consumer = after ?? before;
  if (consumer === undefined) return undefined;
  return {
    subject: consumer.uuid,
    event: eventOf(changed),
    generationBefore: before?.generation ?? null,
    generationAfter: after?.generation ?? null,
    ...fitting(differencesOf(membersOf(before, names), membersOf(after, names))),
    project: consumer.project,
  };
}

function eventOf({ about, before, after }: ConsumerChanged): ConsumerEvent {
  if (about === "lease") return "placement.lease.delete";
  const held = before !== undefined && !isIdle(before);
  const holds = after !== undefined && !isIdle(after);
  if (about === "allocations" && (held || holds)) {
    if (!held) return "placement.allocation.create";
    return holds ? "placement.allocation.update" : "placement.allocation.delete";
  }
  if (before === undefined) return "placement.consumer.create";
  return after === undefined ? "placement.consumer.delete" : "placement.consumer.update";
}

function membersOf(consumer: Consumer | undefined, names: Names): Members | undefined {
  if (consumer === undefined) return undefined;
  const { project, user, type, allocations, lease } = consumer;
  const held = [...allocations].map(([provider, amounts]) => [
    provider,
    namedAmounts(amounts, names),
  ]);
  return {
    project_id: project,
    user_id: user,
    consumer_type: type,
    expires_at: endOf(lease),
    allocations: Object.fromEntries(held),
  };
}

function endOf(lease: Lease | undefined): string | null {
  return lease?.term === undefined ? null : new Date(lease.term.expires).toISOString();
}

/** The classes that have to be named. */
export function classesOfConsumer({ before, after }: ConsumerChanged): number[] {
  return [before, after].flatMap((each) =>
    [...(each?.allocations.values() ?? [])].flatMap((amounts) => [...amounts.keys()]),
  );
}
