/**
 * Claims by query: the search for candidates and the claim of them in one change. A candidate
 * that another writer takes first is followed by the next one, under the same operation id. See
 * docs/claims.md.
 */
import { type PlannedConsumer, planConsumer, providerChanges } from "../../model/claim.ts";
import {
  type Choice,
  type ChoiceRequest,
  chooseCandidates,
  type SearchedInVain,
} from "../../model/claims/choose.ts";
import { type Consumer, isIdle } from "../../model/consumer.ts";
import { allocationsChanged } from "../../model/history/consumer-change.ts";
import { ConsumerInUse, NoCandidateLeft, SearchUnfinished } from "../../model/refusals/claims.ts";
import { ConsumerGenerationConflict } from "../../model/refusals/consumers.ts";
import type { Snapshot } from "../../model/snapshot/snapshot.ts";
import type { Uuid } from "../../model/uuid.ts";
import { applied, type GuardedWrite, guard, replan } from "../changes/guarded-write.ts";
import { readConsumers } from "../consumers/change.ts";
import { consumerWrite, lookupWrites } from "../consumers/writes.ts";
import { consumerOf } from "../items/consumer.ts";
import { hotKey } from "../items/hot.ts";
import { distrustView, snapshotWith, viewLately } from "../providers/view.ts";
import type { Plan, Planner, Store } from "../store.ts";
import { ClaimTries, type Try } from "./claim-tries.ts";
import { providerWrite } from "./claim-writes.ts";
import type { ClaimedByQuery, QueryClaim, QueryClaimOptions } from "./query-claim.ts";
import { profilesOf } from "./remembered-profiles.ts";
import { stepsIn } from "./snapshot-steps.ts";

/** Milliseconds for which a first try relies on the providers as they were last read. */
const REMEMBERED = 5_000;

type Chosen = Extract<Choice, { kind: "chosen" }>;

/**
 * One candidate for each consumer, all of one alternative, all or none.
 * @throws ConsumerGenerationConflict, ConsumerInUse, LeaseExpired, NoCandidateLeft,
 *   SearchUnfinished, ChangeTooLarge
 */
export function claimByQuery(
  store: Store,
  claim: QueryClaim,
  options: QueryClaimOptions,
): Planner<ClaimedByQuery> {
  return new QueryClaimer(store, claim, options).plan;
}

class QueryClaimer {
  readonly #store: Store;
  readonly #claim: QueryClaim;
  readonly #options: QueryClaimOptions;
  readonly #tries: ClaimTries<ClaimedByQuery>;
  /** Providers that refused a try: the shard logs may not name their last change yet. */
  readonly #doubtful = new Set<Uuid>();
  /** The try that an item has shown to be applied. */
  #applied: Try<ClaimedByQuery> | undefined;

  constructor(store: Store, claim: QueryClaim, options: QueryClaimOptions) {
    this.#store = store;
    this.#claim = claim;
    this.#options = options;
    this.#tries = new ClaimTries(store);
  }

  readonly plan: Planner<ClaimedByQuery> = async (attempt) => {
    const isNew = this.#claim.consumers.every(({ generation }) => generation === null);
    // Most consumers are new: the first try does not read them, its conditions do.
    const assumed = attempt === 0 && isNew;
    const lately = assumed ? await this.#planFromMemory() : undefined;
    if (lately !== undefined) return lately;
    const [before, snapshot] = await Promise.all([
      assumed ? new Map<Uuid, Consumer>() : this.#readConsumers(),
      snapshotWith(this.#store, this.#doubtful),
    ]);
    const done = this.#appliedIn(before);
    if (done !== undefined) {
      return { writes: [], result: done.result, fulfilled: done.providers.map(hotKey) };
    }
    this.#requireIdle(before);
    const chosen = this.#choose(snapshot);
    if (chosen.kind === "chosen") return this.#planClaim(chosen, before, snapshot);
    if (assumed) this.#requireIdle(await this.#readConsumers());
    throw await this.#refusal(chosen.searched);
  };

  /**
   * Without reading the providers. That what the function remembers is out of date shows in the
   * conditions of the claim, or in that nothing is found: then they are read.
   */
  async #planFromMemory(): Promise<Plan<ClaimedByQuery> | undefined> {
    const view = viewLately(this.#store, REMEMBERED);
    if (view === undefined) return undefined;
    const snapshot = view.snapshot();
    const choice = chooseCandidates(snapshot, this.#request, this.#options);
    // A better alternative may have become possible since.
    if (choice.kind !== "chosen" || choice.alternative > 0) return undefined;
    const profiles = profilesOf(view, snapshot, choice.candidates);
    return profiles && this.#planClaim(choice, new Map(), snapshot, profiles);
  }

  /** @throws SearchUnfinished */
  #choose(snapshot: Snapshot): Exclude<Choice, { kind: "unfinished" }> {
    const choice = chooseCandidates(snapshot, this.#request, this.#options);
    if (choice.kind === "unfinished") throw new SearchUnfinished();
    return choice;
  }

  get #request(): ChoiceRequest {
    const { alternatives, consumers } = this.#claim;
    return { alternatives, consumers: consumers.map(({ uuid }) => uuid) };
  }

  async #refusal(searched: readonly SearchedInVain[]): Promise<NoCandidateLeft> {
    const { explain } = this.#options;
    if (explain === undefined) return new NoCandidateLeft();
    const explanations: unknown[] = [];
    for (const each of searched) explanations.push(await explain(each));
    return new NoCandidateLeft(explanations);
  }

  #readConsumers(): Promise<Map<Uuid, Consumer>> {
    return readConsumers(
      this.#store,
      this.#claim.consumers.map(({ uuid }) => uuid),
    );
  }

  #appliedIn(consumers: ReadonlyMap<Uuid, Consumer>): Try<ClaimedByQuery> | undefined {
    for (const consumer of consumers.values()) {
      const made = this.#tries.thatWrote(consumer);
      if (made !== undefined) return made;
    }
    return undefined;
  }

  /** @throws ConsumerGenerationConflict, ConsumerInUse */
  #requireIdle(before: ReadonlyMap<Uuid, Consumer>): void {
    for (const { uuid, generation } of this.#claim.consumers) {
      const consumer = before.get(uuid);
      const actual = consumer?.generation ?? null;
      if (actual !== generation) throw new ConsumerGenerationConflict(actual, generation);
      if (consumer !== undefined && !isIdle(consumer)) throw new ConsumerInUse(uuid);
    }
  }

  async #planClaim(
    { alternative, candidates }: Chosen,
    before: ReadonlyMap<Uuid, Consumer>,
    snapshot: Snapshot,
    profiles?: ReadonlyMap<Uuid, number>,
  ): Promise<Plan<ClaimedByQuery>> {
    const stamp = this.#tries.nextStamp();
    const planned = this.#claim.consumers.map(({ uuid, ...given }, place) => {
      const allocations = candidates[place]?.allocations ?? new Map();
      const request = { ...given, consumer: uuid, allocations };
      return planConsumer(request, before.get(uuid), stamp, place);
    });
    const changes = providerChanges(planned);
    const ids = changes.flatMap((change) => [...change.classes.keys()]);
    const classes = await this.#store.classes({ ids });
    const consumers = planned.flatMap(({ after: consumer }, place) => {
      const mappings = candidates[place]?.mappings;
      return consumer === undefined || mappings === undefined ? [] : [{ consumer, mappings }];
    });
    const result = { alternative, tries: this.#tries.number, consumers, classes };
    const touched = this.#tries.providers();
    this.#tries.add({ stamp, providers: changes.map(({ provider }) => provider), result });
    const nameOf = (id: number) => classes.nameOf(id) ?? String(id);
    const steps = stepsIn(snapshot, changes);
    return {
      writes: [
        ...planned.map((each) => this.#consumerWrite(each)),
        ...changes.map((change) =>
          this.#providerWrite(
            change.provider,
            providerWrite(change, { steps, nameOf, now: stamp.now, profiles }),
          ),
        ),
        ...planned.flatMap((each) => lookupWrites(each.before, each.after)),
      ],
      result,
      changed: allocationsChanged(planned),
      committed: () => this.#applied?.result ?? result,
      // An earlier try that was applied late may not have been appended.
      fulfilled: touched.map(hotKey),
    };
  }

  /** An item of this request is applied, whatever try it is of. */
  #consumerWrite(planned: PlannedConsumer): GuardedWrite {
    const own = consumerWrite(planned);
    return guard(own.write, (old) => {
      const made = old && this.#tries.thatWrote(consumerOf(old));
      if (made === undefined) return own.verdict(old);
      this.#applied = made;
      return applied;
    });
  }

  /** A provider that refuses the candidate calls for the next one. */
  #providerWrite(provider: Uuid, { write }: GuardedWrite): GuardedWrite {
    return guard(write, () => {
      this.#doubtful.add(provider);
      distrustView(this.#store);
      return replan;
    });
  }
}
