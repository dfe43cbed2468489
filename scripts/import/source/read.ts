/**
 * Reads a whole Placement while others may write to it. What it shows is not of one moment: what
 * changed meanwhile is found by the next reading.
 */
import { uuidParameter } from "../../../lib/api/path-parameters.ts";
import { writtenAggregates } from "../../../lib/model/aggregates.ts";
import type {
  Content,
  ContentConsumer,
  ContentProvider,
} from "../../../lib/model/content/content.ts";
import type { Uuid } from "../../../lib/model/uuid.ts";
import { inParallel } from "../../../lib/store/table/parallel.ts";
import type { Progress } from "../progress.ts";
import type { SourceApi } from "./api.ts";

/** What one provider's own requests show. */
interface Details extends Pick<ContentProvider, "inventories" | "traits" | "aggregates"> {
  readonly holders: Holders;
  /** Inventories and traits were read at the generation of the list of providers. */
  readonly settled: boolean;
}

type Holders = ReadonlyMap<string, Held>;

interface Held {
  readonly generation: number;
  /** By class name. */
  readonly amounts: ReadonlyMap<string, number>;
}

export interface Reading extends Content {
  /** All names, standard ones too. */
  readonly names: { readonly classes: readonly string[]; readonly traits: readonly string[] };
  readonly details: ReadonlyMap<Uuid, Details>;
  /** How many consumers were read by themselves. */
  readonly consumersRead: number;
}

export interface ReadOptions {
  /** Requests at a time. */
  readonly width: number;
  readonly progress: Progress;
}

/**
 * @param last an earlier reading. Inventories and traits are not read again while the provider
 *   has the same generation, and a consumer not while its providers show the same of it.
 *   Aggregates and allocations always are: some of their changes raise no generation.
 */
export async function readSource(
  api: SourceApi,
  options: ReadOptions,
  last?: Reading,
): Promise<Reading> {
  const names = { classes: await api.classes(), traits: await api.traits() };
  const listed = await api.providers();
  const details = new Map<Uuid, Details>();
  const reading = options.progress.phase("reading providers", listed.length);
  const readOne = async ({ uuid, generation }: (typeof listed)[number]) => {
    const known = last?.providers.get(uuid)?.generation === generation;
    const found = await readDetails(
      api,
      uuid,
      generation,
      known ? last.details.get(uuid) : undefined,
    );
    if (found !== undefined) details.set(uuid, found);
    reading.step();
  };
  await inParallel(listed, readOne, options.width);
  reading.done();
  const providers = listed.flatMap(({ uuid, name, generation, parent_provider_uuid: parent }) => {
    const found = details.get(uuid);
    if (found === undefined) return [];
    const { inventories, traits, aggregates } = found;
    const shown = { uuid, name, generation, parent: parent ?? undefined };
    return [[uuid, { ...shown, inventories, traits, aggregates }] as const];
  });
  const { consumers, consumersRead } = await readConsumers(api, options, details, last);
  return {
    classes: customIn(names.classes),
    traits: customIn(names.traits),
    providers: new Map(providers),
    consumers,
    names,
    details,
    consumersRead,
  };
}

const customIn = (names: readonly string[]) =>
  new Set(names.filter((name) => name.startsWith("CUSTOM_")));

/** Undefined: the provider was deleted after it was listed. */
async function readDetails(
  api: SourceApi,
  uuid: Uuid,
  generation: number,
  known: Details | undefined,
): Promise<Details | undefined> {
  const allocations = await api.holders(uuid);
  const aggregates = await api.aggregates(uuid);
  if (allocations === undefined || aggregates === undefined) return undefined;
  const fresh = {
    holders: holdersIn(allocations),
    aggregates: [...writtenAggregates(aggregates.aggregates).values()],
  };
  if (known?.settled) return { ...known, ...fresh };
  const inventories = await api.inventories(uuid);
  const traits = await api.providerTraits(uuid);
  if (inventories === undefined || traits === undefined) return undefined;
  const read = [inventories, traits].map((each) => each.resource_provider_generation);
  return {
    ...fresh,
    inventories: new Map(Object.entries(inventories.inventories)),
    traits: new Set(traits.traits),
    settled: read.every((each) => each === generation),
  };
}

function holdersIn(allocations: NonNullable<Awaited<ReturnType<SourceApi["holders"]>>>): Holders {
  return new Map(
    Object.entries(allocations).map(
      ([consumer, { resources, consumer_generation: generation }]) => [
        consumer,
        { generation, amounts: new Map(Object.entries(resources)) },
      ],
    ),
  );
}

/** The consumers that hold something on any of the providers. */
async function readConsumers(
  api: SourceApi,
  { width, progress }: ReadOptions,
  details: ReadonlyMap<Uuid, Details>,
  last: Reading | undefined,
) {
  const found = heldBy(details);
  const consumers = new Map<Uuid, ContentConsumer>();
  const unknown: string[] = [];
  for (const [spelling, held] of found) {
    const known = last?.consumers.get(uuidParameter(spelling));
    if (known !== undefined && isShownBy(held, known)) consumers.set(known.uuid, known);
    else unknown.push(spelling);
  }
  const reading = progress.phase("reading consumers", unknown.length);
  const readOne = async (spelling: string) => {
    const read = await readConsumer(api, spelling);
    if (read !== undefined) consumers.set(read.uuid, read);
    reading.step();
  };
  await inParallel(unknown, readOne, width);
  reading.done();
  // In the order in which providers show them, whichever answer came first.
  const uuids = [...found.keys()].map(uuidParameter);
  const inOrder = uuids.flatMap((uuid) => consumers.get(uuid) ?? []);
  return {
    consumers: new Map(inOrder.map((each) => [each.uuid, each] as const)),
    consumersRead: unknown.length,
  };
}

/** What each consumer holds by provider, as the providers show it. */
function heldBy(details: ReadonlyMap<Uuid, Details>): Map<string, Map<Uuid, Held>> {
  const found = new Map<string, Map<Uuid, Held>>();
  for (const [provider, { holders }] of details) {
    for (const [consumer, held] of holders) {
      const known = found.get(consumer) ?? new Map<Uuid, Held>();
      found.set(consumer, known.set(provider, held));
    }
  }
  return found;
}

function isShownBy(held: ReadonlyMap<Uuid, Held>, known: ContentConsumer): boolean {
  if (held.size !== known.allocations.size) return false;
  return [...held].every(([provider, { generation, amounts }]) => {
    const before = known.allocations.get(provider);
    return (
      generation === known.generation &&
      before?.size === amounts.size &&
      [...amounts].every(([name, amount]) => before.get(name) === amount)
    );
  });
}

/** Undefined: it holds nothing any more. */
async function readConsumer(
  api: SourceApi,
  spelling: string,
): Promise<ContentConsumer | undefined> {
  const shown = await api.consumer(spelling);
  const allocations = Object.entries(shown.allocations).map(
    ([provider, { resources }]) =>
      [uuidParameter(provider), new Map(Object.entries(resources))] as const,
  );
  const { consumer_generation: generation, project_id: project, user_id: user } = shown;
  if (allocations.length === 0) return undefined;
  if (generation === undefined || project === undefined || user === undefined) return undefined;
  return {
    uuid: uuidParameter(spelling),
    ...{ generation, project, user, type: shown.consumer_type ?? null },
    allocations: new Map(allocations),
  };
}
