/**
 * The canary: one provider is created, claimed, released and deleted as requests do it, and each
 * step is timed. docs/monitoring.md describes it.
 */
import { CANARY, CANARY_INVENTORY } from "../../../model/canary.ts";
import { UnknownClassInInventory } from "../../../model/refusals/inventories.ts";
import { DuplicateProvider } from "../../../model/refusals/providers.ts";
import { allocationsDeletion, allocationsReplacement } from "../../allocations/claims.ts";
import { readConsumer } from "../../consumers/change.ts";
import type { OnChanged } from "../../items/subjects.ts";
import { classCreationIfAbsent } from "../../names/classes.ts";
import { providerCreation } from "../../providers/create.ts";
import { providerDeletion } from "../../providers/delete.ts";
import { inventoriesReplacement } from "../../providers/inventories.ts";
import { findByName, readState } from "../../providers/read.ts";
import type { Store } from "../../store.ts";
import { AnotherRun, clean } from "./clean.ts";

type Step = (store: Store, changed: OnChanged) => Promise<void>;

/** Milliseconds by step, of the steps that were begun. */
export type StepTimes = Readonly<Record<string, number>>;

export interface CanaryReport {
  /** False: another run is under way. This one has ended without a result. */
  readonly ran: boolean;
  /** Milliseconds of the whole run. */
  readonly latency: number;
  readonly steps: StepTimes;
}

/** Characters of the reason in a message. */
const MAX_REASON = 300;

/** A step was refused or not answered. What the run has made is removed by the next one. */
export class CanaryFailed extends Error {
  readonly step: string;
  readonly steps: StepTimes;

  constructor(step: string, steps: StepTimes, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`the canary's step ${step} failed: ${reason.slice(0, MAX_REASON)}`, { cause });
    this.name = "CanaryFailed";
    this.step = step;
    this.steps = steps;
  }
}

/** The claim was acknowledged, and is not there. */
class NotAsClaimed extends Error {
  constructor(held: number | undefined, used: number | undefined) {
    super(`the consumer holds ${held ?? "nothing"} of 1, and ${used ?? "nothing"} of 1 is used`);
    this.name = "NotAsClaimed";
  }
}

const { provider, resourceClass, consumer } = CANARY;

/** In their order. */
const STEPS: ReadonlyMap<string, Step> = new Map<string, Step>([
  ["clean", clean],
  ["class", ensureClass],
  ["create", create],
  ["inventory", offer],
  ["claim", claim],
  ["read", readBack],
  ["release", release],
  ["delete", remove],
]);

/**
 * @param changed called with what each step has written
 * @throws CanaryFailed
 */
export async function runCanary(store: Store, changed: OnChanged): Promise<CanaryReport> {
  const { clock } = store;
  const started = clock.now();
  const steps: Record<string, number> = {};
  for (const [name, step] of STEPS) {
    const begun = clock.now();
    try {
      await step(store, changed);
    } catch (error) {
      if (error instanceof AnotherRun) return { ran: false, latency: clock.now() - started, steps };
      throw new CanaryFailed(name, steps, error);
    } finally {
      steps[name] = clock.now() - begun;
    }
  }
  return { ran: true, latency: clock.now() - started, steps };
}

/** It stays: a class that came and went with each run would make all functions read it anew. */
async function ensureClass(store: Store, changed: OnChanged): Promise<void> {
  const { created } = await store.change(classCreationIfAbsent(store, resourceClass));
  if (created) changed(resourceClass);
}

/** Of runs that begin at once, one creates the provider. @throws AnotherRun in the others */
async function create(store: Store, changed: OnChanged): Promise<void> {
  const { name } = CANARY;
  try {
    await store.change(providerCreation(store, { uuid: provider, name, parent: undefined }));
  } catch (error) {
    if (!(error instanceof DuplicateProvider)) throw error;
    // Another provider may have the name. That is nobody's run, and no run could ever begin.
    const owner = await findByName(store, name);
    throw owner === undefined || owner === provider ? new AnotherRun() : error;
  }
  changed(provider);
}

async function offer(store: Store, changed: OnChanged): Promise<void> {
  const wanted = { generation: 0, names: [resourceClass] };
  const change = inventoriesReplacement(store, provider, wanted, (directory) => {
    const id = directory.idOf(resourceClass);
    if (id === undefined) throw new UnknownClassInInventory("replace", provider, resourceClass);
    return new Map([[id, CANARY_INVENTORY]]);
  });
  await store.change(change);
  changed(provider);
}

async function claim(store: Store, changed: OnChanged): Promise<void> {
  const { project, user, consumerType: type } = CANARY;
  const allocations = new Map([[provider, new Map([[resourceClass, 1]])]]);
  const wanted = { consumer, generation: null, project, user, type, allocations };
  await store.change(allocationsReplacement(store, [wanted], { single: true }));
  changed(provider, consumer);
}

/** What was acknowledged shows. @throws NotAsClaimed */
async function readBack(store: Store): Promise<void> {
  const [holder, state] = [await readConsumer(store, consumer), await readState(store, provider)];
  const id = (await store.classes({ names: [resourceClass] })).idOf(resourceClass) ?? -1;
  const held = holder?.allocations.get(provider)?.get(id);
  const used = state?.inventories.get(id)?.used;
  if (held !== 1 || used !== 1) throw new NotAsClaimed(held, used);
}

async function release(store: Store, changed: OnChanged): Promise<void> {
  await store.change(allocationsDeletion(store, consumer));
  changed(provider, consumer);
}

async function remove(store: Store, changed: OnChanged): Promise<void> {
  await store.change(providerDeletion(store, provider));
  changed(provider);
}
