/** Claims by query, and what they answer. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { RequestOptions } from "./api.ts";
import type { HttpAnswer } from "./http-client.ts";
import { type Held, OWNER, type Requester } from "./world.ts";

export type GivenQuery = string | Readonly<Record<string, string | readonly string[]>>;

export interface Asked {
  /** Default: one new consumer. */
  readonly consumers?: readonly object[];
  readonly explain?: boolean;
}

export const newConsumer = (uuid: string = randomUUID()) => ({ uuid, ...OWNER });
export const newConsumers = (count: number) => Array.from({ length: count }, () => newConsumer());

export function queryBody(
  queries: readonly GivenQuery[],
  { consumers = [newConsumer()], ...more }: Asked = {},
) {
  return { consumers, alternatives: queries.map((query) => ({ query })), ...more };
}

export function claimByQuery(
  { request }: Requester,
  queries: readonly GivenQuery[],
  asked: Asked = {},
  options: RequestOptions = {},
): Promise<HttpAnswer> {
  return request("POST", "/claims", { body: queryBody(queries, asked), ...options });
}

interface Claimed {
  readonly uuid: string;
  readonly consumer_generation: number;
  readonly life: string;
  readonly allocations: Readonly<Record<string, { readonly resources: Held[string] }>>;
  readonly mappings: Readonly<Record<string, readonly string[]>>;
}

/** What the consumers of an answer hold, which has to be a success. */
export function claimedIn(answer: HttpAnswer) {
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  const { alternative, tries, consumers } = answer.body as {
    readonly alternative: number;
    readonly tries: number;
    readonly consumers: readonly Claimed[];
  };
  const held = consumers.map(({ allocations }): Held => {
    const each = Object.entries(allocations).map(([uuid, { resources }]) => [uuid, resources]);
    return Object.fromEntries(each);
  });
  return { alternative, tries, consumers, held };
}
