/** Helpers for tests of allocation candidates. */
import { expect } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import { type Inventories, makeProvider, type Requester } from "./world.ts";

export const SHARES = "MISC_SHARES_VIA_AGGREGATE";

export interface HostOptions {
  readonly parent?: string;
  readonly traits?: readonly string[];
  readonly aggregates?: readonly string[];
}

/** A provider with all that candidates depend on; custom traits are made as needed. */
export async function makeHost(
  api: Requester,
  inventories: Inventories = {},
  { parent, traits = [], aggregates = [] }: HostOptions = {},
): Promise<Uuid> {
  const uuid = await makeProvider(api, inventories, parent === undefined ? {} : { parent });
  if (traits.length > 0) await setTraits(api, uuid, traits);
  if (aggregates.length > 0) await setAggregates(api, uuid, aggregates);
  return uuid;
}

export async function setTraits(api: Requester, uuid: string, traits: readonly string[]) {
  for (const name of traits.filter((trait) => trait.startsWith("CUSTOM_"))) {
    expect([201, 204]).toContain((await api.request("PUT", `/traits/${name}`)).status);
  }
  const body = { resource_provider_generation: await generationOf(api, uuid), traits };
  const answer = await api.request("PUT", `/resource_providers/${uuid}/traits`, { body });
  expect(answer.status).toBe(200);
}

export async function setAggregates(api: Requester, uuid: string, aggregates: readonly string[]) {
  const body = { resource_provider_generation: await generationOf(api, uuid), aggregates };
  const answer = await api.request("PUT", `/resource_providers/${uuid}/aggregates`, { body });
  expect(answer.status).toBe(200);
}

async function generationOf({ request }: Requester, uuid: string): Promise<number> {
  return (await request("GET", `/resource_providers/${uuid}`)).body.generation;
}

/** `{provider: {class: amount}}` of a candidate. */
export type Shown = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface Request {
  readonly allocations: Readonly<
    Record<string, { readonly resources: Readonly<Record<string, number>> }>
  >;
  readonly mappings: Readonly<Record<string, readonly string[]>>;
}

/** The answer to a query, which has to be granted. */
export async function askCandidates({ request }: Requester, query: string, version = "1.39") {
  const answer = await request("GET", `/allocation_candidates?${query}`, { version });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  const requests = answer.body.allocation_requests as Request[];
  return {
    body: answer.body,
    requests,
    mappings: requests.map(({ mappings }) => mappings),
    summaries: answer.body.provider_summaries as Readonly<Record<string, object>>,
    allocations: requests.map(({ allocations }): Shown => {
      const entries = Object.entries(allocations).map(([uuid, { resources }]) => [uuid, resources]);
      return Object.fromEntries(entries);
    }),
  };
}

/** In an order of their own, so that sets can be compared. */
export function inOrder<T>(values: readonly T[]): T[] {
  const text = (value: T) => JSON.stringify(value, keysInOrder);
  return [...values].sort((a, b) => (text(a) < text(b) ? -1 : Number(text(a) > text(b))));
}

function keysInOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
