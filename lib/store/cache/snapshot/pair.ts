/** Pairs states with profiles of the same version. */
import type { Provider } from "../../../model/provider.ts";
import type { Uuid } from "../../../model/uuid.ts";
import { Busy } from "../../table/refusals.ts";
import { backOff } from "../../table/retry.ts";
import type { Interner } from "./interner.ts";
import { type ReadContext, type Reading, readProfiles, readStates } from "./read-planned.ts";

/** How often items whose versions differ are read again. */
const MAX_READS = 8;

interface PairOptions {
  /** The provider as it was cached, if its profile may be used. */
  readonly known: (uuid: Uuid) => Provider | undefined;
  readonly interner: Interner;
}

/**
 * The providers of `reading`, undefined where there is none. Both items of a provider carry
 * the profile's version. If the cached profile has another version, the profile is read; if
 * the versions still differ, a transaction ran between the reads, and both items are read
 * again.
 * @throws Busy
 */
export async function pairProviders(
  context: ReadContext,
  reading: Reading,
  { known, interner }: PairOptions,
): Promise<Map<Uuid, Provider | undefined>> {
  const providers = new Map<Uuid, Provider | undefined>();
  let waiting: Iterable<Uuid> = reading.states.keys();
  for (let attempt = 1; attempt <= MAX_READS; attempt += 1) {
    const torn: Uuid[] = [];
    for (const uuid of waiting) {
      const paired = pair(reading, known(uuid), uuid, interner);
      if (paired === "torn") torn.push(uuid);
      else providers.set(uuid, paired);
    }
    if (torn.length === 0) return providers;
    if (attempt > 1) {
      if (!(await backOff(context.reader, attempt))) break;
      await readStates(context, torn, reading);
    }
    await readProfiles(context, torn, reading);
    waiting = torn;
  }
  throw new Busy();
}

function pair(
  { states, profiles }: Reading,
  held: Provider | undefined,
  uuid: Uuid,
  interner: Interner,
): Provider | "torn" | undefined {
  const state = states.get(uuid);
  if (state === undefined) return undefined;
  const read = profiles.get(uuid);
  const profile = read ?? held?.profile;
  if (profile?.version !== state.profileVersion) return "torn";
  if (read !== undefined) return { state, profile: interner.profile(read, state.uuid) };
  return held?.state.revision === state.revision ? held : { state, profile };
}
