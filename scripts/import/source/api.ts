/** Placement's public API as an import reads it: typed calls, and answers that are checked. */
import type * as z from "zod";
import { isRefusal, PlacementClient } from "../../../lib/client/index.ts";
import type { Clock, Random } from "../../../lib/client/platform.ts";
import type { Transport } from "../../../lib/client/transport.ts";
import type { Uuid } from "../../../lib/model/uuid.ts";
import { NotDone } from "../not-done.ts";
import * as answers from "./answers.ts";

/**
 * The microversions at which a source is read, newest first: types of consumers exist from
 * 1.38 on, generations of the consumers of a provider from 1.28 on.
 */
const VERSIONS = ["1.39", "1.38", "1.28"] as const;
type SourceVersion = (typeof VERSIONS)[number];

/** How often a request is sent at most: a source may be restarted meanwhile. */
const TRIES = 6;

export interface SourceParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
}

export class SourceApi {
  readonly version: SourceVersion;
  readonly #client: PlacementClient<SourceVersion>;

  private constructor(parts: SourceParts, version: SourceVersion) {
    this.version = version;
    this.#client = new PlacementClient({ ...parts, version, maxTries: TRIES });
  }

  /** @throws NotDone if the service is too old, and what a call throws */
  static async open(parts: SourceParts): Promise<SourceApi> {
    const client = new PlacementClient({ ...parts, version: "1.0" as const, maxTries: TRIES });
    const { body } = await client.call("root/show", {});
    const newest = Math.max(
      ...checked("the versions", answers.versions, body).versions.map(({ max_version }) =>
        minorOf(max_version),
      ),
    );
    const version = VERSIONS.find((each) => minorOf(each) <= newest);
    if (version !== undefined) return new SourceApi(parts, version);
    throw new NotDone(`the source serves microversions up to 1.${newest}: 1.28 is needed`);
  }

  async classes() {
    const { body } = await this.#client.call("resource-classes/list", {});
    return checked("the resource classes", answers.classes, body).resource_classes;
  }

  async traits() {
    const { body } = await this.#client.call("traits/list", {});
    return checked("the traits", answers.traits, body).traits;
  }

  async providers() {
    const { body } = await this.#client.call("resource-providers/list", {});
    return checked("the providers", answers.providers, body).resource_providers;
  }

  /** Of a provider; each is undefined if it has been deleted meanwhile. */
  inventories(uuid: Uuid) {
    return unlessGone(async () => {
      const { body } = await this.#client.call("inventories/list", { parameters: { uuid } });
      return checked(`the inventories of ${uuid}`, answers.inventories, body);
    });
  }

  providerTraits(uuid: Uuid) {
    return unlessGone(async () => {
      const { body } = await this.#client.call("provider-traits/list", { parameters: { uuid } });
      return checked(`the traits of ${uuid}`, answers.providerTraits, body);
    });
  }

  aggregates(uuid: Uuid) {
    return unlessGone(async () => {
      const { body } = await this.#client.call("aggregates/list", { parameters: { uuid } });
      return checked(`the aggregates of ${uuid}`, answers.aggregates, body);
    });
  }

  holders(uuid: Uuid) {
    return unlessGone(async () => {
      const parameters = { uuid };
      const { body } = await this.#client.call("allocations/list-by-provider", { parameters });
      return checked(`the allocations on ${uuid}`, answers.holders, body).allocations;
    });
  }

  /** @param spelling the consumer as the source writes it: it may know no other */
  async consumer(spelling: string) {
    const parameters = { consumer_uuid: spelling };
    const { body } = await this.#client.call("allocations/show", { parameters });
    return checked(`the allocations of ${spelling}`, answers.consumer, body);
  }
}

const minorOf = (version: string) => Number(version.split(".")[1]);

async function unlessGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isRefusal(error) && error.status === 404) return undefined;
    throw error;
  }
}

/** @throws NotDone if the answer is not Placement's */
function checked<S extends z.ZodType>(what: string, schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? "" : ` (${issue.path.join(".")}: ${issue.message})`;
  throw new NotDone(`the source does not show ${what} as Placement does${where}`);
}
