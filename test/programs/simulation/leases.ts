/**
 * When leases end. A function plans by its own clock, some time between the question and the commit; so an
 * end is known as an interval. Nothing may happen that no moment of it allows.
 */
import type { Attempt } from "./history.ts";
import type { Lease, World } from "./world.ts";

/** The name of the task that releases what has expired. */
export const RELEASE = "release expired leases";

/** As docs/leases.md has it, in milliseconds. */
const MARGIN = 10_000;
/** Clocks have whole milliseconds. */
const ROUNDING = 1;

/** Times in milliseconds since the simulation began, by a perfect clock. */
interface Moment {
  readonly asked: number;
  readonly committed: number;
  /** Milliseconds by which the clock of the function is ahead. */
  readonly skew: number;
}

/** Without the leases of consumers that are gone, and with the ends of those that began or were renewed. */
export function timed(world: World, { asked, committed, skew }: Moment): World {
  const leases = [...world.leases].flatMap(([uuid, lease]): [string, Lease][] => {
    if (!world.consumers.has(uuid)) return [];
    const { version, term } = lease;
    if (term === undefined || term.ends !== undefined) return [[uuid, lease]];
    const { seconds } = term;
    const after = skew + seconds * 1_000;
    const ends = { earliest: asked + after - ROUNDING, latest: committed + after + ROUNDING };
    return [[uuid, { version, term: { seconds, ends } }]];
  });
  return { ...world, leases: new Map(leases) };
}

/** What a commit did to consumers with leases at a time at which it may not. */
export function leaseFaults(
  before: World,
  after: World,
  given: Moment & { readonly releases: boolean; readonly passes: boolean },
): string[] {
  const { asked, committed, skew, releases, passes } = given;
  return [...before.leases].flatMap(([uuid, lease]) => {
    const ends = lease.term?.ends;
    const was = before.consumers.get(uuid);
    const is = after.consumers.get(uuid);
    if (ends === undefined || (is === was && after.leases.get(uuid) === lease)) return [];
    if (is !== undefined) {
      const late = !passes && asked + skew > ends.latest;
      return late ? [`it changed ${uuid}, whose lease had expired`] : [];
    }
    const early = releases && committed + skew < ends.earliest + MARGIN;
    return early ? [`it released ${uuid}, whose lease had not expired long enough`] : [];
  });
}

const EXPIRED = /The lease of consumer ([0-9a-f-]+) has expired/;

/** Whether the lease that a refusal names had expired when it was answered, by the clock of its server. */
export function isExpired(
  detail: string,
  worlds: readonly World[],
  { answered = 0, skew }: Pick<Attempt, "answered" | "skew">,
): boolean {
  const uuid = EXPIRED.exec(detail)?.[1] ?? "";
  return worlds.some(({ leases }) => {
    const ends = leases.get(uuid)?.term?.ends;
    return ends !== undefined && ends.earliest <= answered + skew;
  });
}

/** What has expired and is kept, once sweeps had time to release it. */
export function kept({ leases }: World, now: number): string[] {
  return [...leases].flatMap(([uuid, { term }]) =>
    term?.ends !== undefined && term.ends.latest < now ? [`${uuid} is kept after its lease`] : [],
  );
}
