/** The answer that is kept under a client's `Idempotency-Key`. */
import { bytesToUuid, type Uuid, uuidToBytes } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { TABLE_SCHEMA } from "../table/table-schema.ts";
import { attribute, read, stored } from "./attributes.ts";
import { isHot } from "./hot.ts";
import { joined } from "./keys.ts";
import { providerOf } from "./shard.ts";

export const IDEMPOTENCY = "IDEMPOTENCY";

/** `id` is a hash, so that the key's length is fixed, no matter how long the client's key is. */
export const idempotencyRecordKey = (id: string): Key => ({
  pk: joined(IDEMPOTENCY, id),
  sk: IDEMPOTENCY,
});

/** An answer as it is kept: without what belongs to one request only, such as its request id. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string | undefined;
  readonly lastModified: number | "unknown" | undefined;
}

export const idempotencyRecord = {
  /** Id of the request that wrote it: distinguishes its own write from another request's. */
  attempt: attribute<string>("attempt"),
  /** Hash of the request. */
  request: attribute<string>("request"),
  status: attribute<number>("status"),
  headers: attribute<KeptAnswer["headers"]>("headers"),
  body: attribute<string | undefined>("body"),
  modified: attribute<KeptAnswer["lastModified"]>("modified"),
  /** 16 bytes for each hot item that the change touched; absent where there are none. */
  providers: attribute<Uint8Array | undefined>("providers"),
  /** Seconds since 1970. */
  expires: attribute<number>(TABLE_SCHEMA.timeToLive),
} as const;

const UUID_BYTES = 16;

export interface NewRecord {
  readonly id: string;
  readonly attempt: string;
  readonly request: string;
  readonly answer: KeptAnswer;
  /** The items that the change wrote. */
  readonly touched: readonly Key[];
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export function idempotencyRecordItem(given: NewRecord): Item {
  const { attempt, request, answer } = given;
  const providers = given.touched.filter(isHot).map(providerOf);
  return {
    ...idempotencyRecordKey(given.id),
    ...stored(idempotencyRecord, {
      attempt,
      request,
      status: answer.status,
      headers: answer.headers,
      body: answer.body,
      modified: answer.lastModified,
      providers: providers.length === 0 ? undefined : Buffer.concat(providers.map(uuidToBytes)),
      expires: Math.ceil(given.expires / 1_000),
    }),
  };
}

export interface KeptRecord {
  readonly request: string;
  readonly answer: KeptAnswer;
  /** The providers whose hot items the change wrote. */
  readonly providers: readonly Uuid[];
}

export function idempotencyRecordOf(item: Item): KeptRecord {
  const bytes = read(item, idempotencyRecord.providers) ?? new Uint8Array();
  const count = bytes.length / UUID_BYTES;
  return {
    request: read(item, idempotencyRecord.request),
    answer: {
      status: read(item, idempotencyRecord.status),
      headers: read(item, idempotencyRecord.headers),
      body: read(item, idempotencyRecord.body),
      lastModified: read(item, idempotencyRecord.modified),
    },
    providers: Array.from({ length: count }, (_, index) =>
      bytesToUuid(bytes.slice(index * UUID_BYTES, (index + 1) * UUID_BYTES)),
    ),
  };
}

/** Milliseconds since 1970: when the answer expires. */
export function keptUntil(item: Item): number {
  return read(item, idempotencyRecord.expires) * 1_000;
}
