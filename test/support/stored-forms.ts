/**
 * Tables that are equal at every run: the clock stands still between requests, and what
 * is random is told by the number of the request that drew it.
 */
import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { type AttributeValue, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import { clientConfig } from "../../lib/local/table.ts";
import type { Clock, Random } from "../../lib/model/clock.ts";
import { type Api, type ApiOptions, type RequestOptions, startApi } from "./api.ts";
import { fastClock } from "./fast-clock.ts";
import type { HttpAnswer } from "./http-client.ts";
import { uuidOf } from "./uuids.ts";

const START = Date.UTC(2026, 0, 1);
const SECOND = 1_000;
const MAX_PAGES = 100;

/** An item as DynamoDB's own API shows it: each value under its type. */
export type Form = Readonly<Record<string, AttributeValue>>;

export interface Steps {
  readonly api: Api;
  /** Begins a step of its own: the time moves on by a second. */
  begin(): void;
  /** Sends a request as a step, which has to succeed. */
  must(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<HttpAnswer>;
  /** All items, in the order of their keys. */
  forms(): Promise<Form[]>;
}

/** What draws a uuid: `5eed`, the step, and a rest that no stored form depends on. */
const DRAWN = /5eed(\d{4})-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

export async function startSteps(
  options: Pick<ApiOptions, "connection" | "repeats" | "events"> = {},
): Promise<Steps> {
  const standing = fastClock(START);
  // Waits before another try take no time: stored times are those of the steps.
  const clock: Clock = { ...standing, sleep: () => setImmediate() };
  let step = 0;
  let drawn = 0;
  const random: Random = {
    fraction: () => {
      drawn += 1;
      return (step * 1_000 + drawn) / 2 ** 24;
    },
    // The rest differs at each run: the engine takes a request token for one transaction only.
    uuid: () => uuidOf(`5eed${String(step).padStart(4, "0")}${randomUUID().slice(8)}`),
  };
  const api = await startApi({ ...options, clock, random });
  const begin = () => {
    step += 1;
    drawn = 0;
    standing.pass(SECOND);
  };
  return {
    api,
    begin,
    must: async (method, path, body, given = {}) => {
      begin();
      const answer = await api.request(method, path, {
        ...given,
        ...(body === undefined ? {} : { body }),
      });
      expect([method, path, answer.status, answer.body]).toEqual([
        method,
        path,
        expect.toSatisfy((status: number) => status < 300),
        answer.body,
      ]);
      return answer;
    },
    forms: () => formsOf(api),
  };
}

async function formsOf({ endpoint, tableName }: Api): Promise<Form[]> {
  const client = new DynamoDBClient(clientConfig(endpoint, {}));
  const found: Form[] = [];
  let from: Record<string, AttributeValue> | undefined;
  try {
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await client.send(
        new ScanCommand({
          TableName: tableName,
          ConsistentRead: true,
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      );
      found.push(...(answer.Items ?? []));
      from = answer.LastEvaluatedKey;
      if (from === undefined) {
        return found.sort((a, b) => (keyText(a) < keyText(b) ? -1 : 1));
      }
    }
    throw new Error("the table is larger than a test makes it");
  } finally {
    client.destroy();
  }
}

const keyText = ({ pk, sk }: Form): string => `${pk?.S}\n${sk?.S}`;

/** The server's own address, which an answer that is kept may show. */
const SERVER = /http:\/\/127\.0\.0\.1:\d+/g;

/** JSON with sorted names, binaries in base64, and what was drawn told by its step. */
export function canonical(value: unknown): string {
  const text = JSON.stringify(sorted(value), null, 1)
    .replace(DRAWN, (_, step: string) => `(uuid drawn in step ${Number(step)})`)
    .replace(SERVER, "(server)");
  return `${text}\n`;
}

function sorted(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
