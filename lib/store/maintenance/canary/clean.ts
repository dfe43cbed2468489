/**
 * Removes what a run of the canary left behind that ended before its last step. A run has the
 * provider for itself from its creation to its deletion, so what is young is that of a run that is
 * under way, and is left alone.
 */
import { CANARY } from "../../../model/canary.ts";
import { type Consumer, isIdle } from "../../../model/consumer.ts";
import type { Provider } from "../../../model/provider.ts";
import {
  ConsumerGenerationConflict,
  ConsumerHoldsAllocations,
  ConsumerNotFound,
  NoAllocations,
} from "../../../model/refusals/consumers.ts";
import { ProviderNotFound } from "../../../model/refusals/providers.ts";
import { allocationsDeletion } from "../../allocations/claims.ts";
import { readConsumer } from "../../consumers/change.ts";
import { consumerDeletion } from "../../consumers/records.ts";
import type { OnChanged } from "../../items/subjects.ts";
import { providerDeletion } from "../../providers/delete.ts";
import { readProvider } from "../../providers/read.ts";
import type { Planner, Store } from "../../store.ts";

/** Milliseconds: twice as long as a function may run. */
export const ABANDONED_AFTER = 120_000;

/** Another run of the canary is under way, so this one ends without a result. */
export class AnotherRun extends Error {}

/** What has a uuid of the canary's is not the canary's, and is left alone. */
class ForeignRecord extends Error {
  constructor(what: string) {
    super(what);
    this.name = "ForeignRecord";
  }
}

/** Another run has changed meanwhile what was to be removed. */
const OVERTAKEN = [
  ConsumerGenerationConflict,
  ConsumerHoldsAllocations,
  ConsumerNotFound,
  NoAllocations,
  ProviderNotFound,
];

/** @throws AnotherRun, ForeignRecord, ProviderInUse, ProviderHasChildren */
export async function clean(store: Store, changed: OnChanged): Promise<void> {
  const consumer = await readConsumer(store, CANARY.consumer);
  const provider = await readProvider(store, CANARY.provider);
  requireAbandoned(store, consumer, provider);
  if (consumer !== undefined) {
    const { uuid, generation } = consumer;
    const planner = isIdle(consumer)
      ? consumerDeletion(store, { uuid, generation })
      : allocationsDeletion(store, uuid);
    await remove(store, planner);
    changed(uuid);
  }
  if (provider !== undefined) {
    await remove(store, providerDeletion(store, CANARY.provider));
    changed(CANARY.provider);
  }
}

/**
 * Looks after each plan whether the canary's records are abandoned still. A plan's writes are
 * conditional on what it has read, so they change no record that is younger than this look.
 *
 * @throws AnotherRun, and refusals that concern this run
 */
async function remove(store: Store, planner: Planner<void>): Promise<void> {
  try {
    await store.change(async (attempt) => {
      const plan = await planner(attempt);
      const consumer = await readConsumer(store, CANARY.consumer);
      requireAbandoned(store, consumer, await readProvider(store, CANARY.provider));
      return plan;
    });
  } catch (error) {
    throw OVERTAKEN.some((kind) => error instanceof kind) ? new AnotherRun() : error;
  }
}

/** @throws AnotherRun, ForeignRecord */
function requireAbandoned(
  { clock }: Store,
  consumer: Consumer | undefined,
  provider: Provider | undefined,
): void {
  const { name, project, user } = CANARY;
  if (consumer !== undefined && (consumer.project !== project || consumer.user !== user)) {
    throw new ForeignRecord(`the consumer ${consumer.uuid} has another owner`);
  }
  if (provider !== undefined && provider.profile.name !== name) {
    throw new ForeignRecord(`the provider ${provider.state.uuid} has another name`);
  }
  const times = [consumer?.updated, provider?.state.created].filter((time) => time !== undefined);
  if (Math.max(...times) > clock.now() - ABANDONED_AFTER) throw new AnotherRun();
}
