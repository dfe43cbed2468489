/** Helpers for tests of claims. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { Uuid } from "../../lib/model/uuid.ts";
import type { Api, RequestOptions } from "./api.ts";
import type { HttpAnswer } from "./http-client.ts";
import { uuidOf } from "./uuids.ts";

export type Requester = Pick<Api, "request">;

/** By class name: a total, or a whole inventory. */
export type Inventories = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

/** Amounts by class, by provider. */
export type Held = Readonly<Record<string, Readonly<Record<string, number>>>>;

export const OWNER = { project_id: "project", user_id: "user", consumer_type: "INSTANCE" };

export async function makeProvider(
  { request }: Requester,
  inventories: Inventories = {},
  given: { readonly uuid?: string; readonly name?: string; readonly parent?: string } = {},
): Promise<Uuid> {
  const uuid = uuidOf(given.uuid ?? randomUUID());
  const parent = given.parent === undefined ? {} : { parent_provider_uuid: given.parent };
  const body = { name: given.name ?? `provider-${uuid}`, uuid, ...parent };
  const created = await request("POST", "/resource_providers", { body });
  expect(created.status).toBe(200);
  if (Object.keys(inventories).length === 0) return uuid;
  const answer = await putInventories({ request }, uuid, 0, inventories);
  expect(answer.status).toBe(200);
  return uuid;
}

export function putInventories(
  { request }: Requester,
  provider: string,
  generation: number,
  inventories: Inventories,
): Promise<HttpAnswer> {
  const records = Object.entries(inventories).map(([name, given]) => [
    name,
    typeof given === "number" ? { total: given } : given,
  ]);
  const body = {
    resource_provider_generation: generation,
    inventories: Object.fromEntries(records),
  };
  return request("PUT", `/resource_providers/${provider}/inventories`, { body });
}

/** The body of one consumer at 1.38 and above. */
export function claimBody(held: Held, generation: number | null) {
  const allocations = Object.fromEntries(
    Object.entries(held).map(([provider, resources]) => [provider, { resources }]),
  );
  return { allocations, consumer_generation: generation, ...OWNER };
}

export function claim(
  { request }: Requester,
  consumer: string,
  held: Held,
  generation: number | null = null,
  options: RequestOptions = {},
): Promise<HttpAnswer> {
  const body = claimBody(held, generation);
  return request("PUT", `/allocations/${consumer}`, { body, ...options });
}

export function release({ request }: Requester, consumer: string): Promise<HttpAnswer> {
  return request("DELETE", `/allocations/${consumer}`);
}

/** What a consumer holds, and its generation; undefined if there is none. */
export async function readClaim(
  { request }: Requester,
  consumer: string,
): Promise<{ readonly held: Held; readonly generation: number } | undefined> {
  const { status, body } = await request("GET", `/allocations/${consumer}`);
  expect(status).toBe(200);
  if (body.consumer_generation === undefined) return undefined;
  const allocations = Object.entries(body.allocations as Record<string, { resources: object }>);
  const held = allocations.map(([provider, { resources }]) => [provider, resources]);
  return { held: Object.fromEntries(held), generation: body.consumer_generation };
}

/** Used amounts by class. */
export async function readUsages({ request }: Requester, provider: string) {
  const { status, body } = await request("GET", `/resource_providers/${provider}/usages`);
  expect(status).toBe(200);
  return body.usages as Readonly<Record<string, number>>;
}

export async function readProvider({ request }: Requester, provider: string) {
  const { status, body } = await request("GET", `/resource_providers/${provider}`);
  expect(status).toBe(200);
  return body as { generation: number; name: string; parent_provider_uuid: string | null };
}

/** How often each status was answered. */
export function statuses(answers: readonly HttpAnswer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** `count` requests at once, each made by `send` from its number. */
export function all(count: number, send: (index: number) => Promise<HttpAnswer>) {
  return Promise.all(Array.from({ length: count }, (_, index) => send(index)));
}

/** The `detail` of the first error of an answer. */
export function detailOf(answer: HttpAnswer): string {
  return answer.body.errors[0].detail;
}
