/** Writes under an `Idempotency-Key`. */
import { randomUUID } from "node:crypto";
import type { Item } from "./api.ts";
import type { HttpAnswer } from "./http-client.ts";
import { claimBody } from "./world.ts";

export const keyed = (key: string): Readonly<Record<string, string>> => ({
  "idempotency-key": key,
});

/** What a repeat has to answer as the first request did. */
export function told({ status, headers, body }: HttpAnswer) {
  const kept = ["last-modified", "cache-control", "content-type", "vary"];
  // The path alone: a repeat is told the address of the server that it asks.
  const { location } = headers;
  const created = location === undefined ? undefined : new URL(location).pathname;
  const all = Object.fromEntries(kept.map((name) => [name, headers[name]]));
  return { status, body, headers: { ...all, created } };
}

export const isReplayed = ({ headers }: HttpAnswer): boolean =>
  headers["idempotent-replayed"] === "true";

/** The records of keys among the items of a table. */
export function keptIn(items: readonly Item[]): Item[] {
  return items.filter(({ pk }) => pk.startsWith("IDEMPOTENCY#"));
}

/** All but the shard logs: a repeat appends to these once more. */
export function withoutShardLogs(items: readonly Item[]): Item[] {
  return items.filter(({ pk }) => !pk.startsWith("LOG#"));
}

/** A body of `POST /allocations` that changes more items than one transaction holds. */
export function largeBody(providers: readonly string[], consumers = 40) {
  const held = Object.fromEntries(providers.map((provider) => [provider, { VCPU: 1 }]));
  return Object.fromEntries(
    Array.from({ length: consumers }, () => [randomUUID(), claimBody(held, null)]),
  );
}
