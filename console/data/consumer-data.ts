/** Consumers: lists of them, and all that is known of one. */
import type { PlacementClient } from "../../lib/client/client.ts";
import { isRefusal } from "../../lib/client/errors.ts";
import type { AnswerOf } from "../../lib/client/types.ts";
import type { Happening, Holdings } from "../model/happening.ts";

/** A list shows of a consumer what its key tells; the rest is undefined. */
export interface ListedConsumer {
  readonly uuid: string;
  readonly project_id?: string;
  readonly user_id?: string;
  readonly consumer_type?: string;
  readonly created_at?: string;
  readonly updated_at?: string;
  readonly expires_at?: string | undefined;
  readonly holdings: Holdings;
}

export interface ConsumerPage {
  readonly consumers: readonly ListedConsumer[];
  readonly marker: string | undefined;
}

export type ConsumerQuery = Readonly<Record<string, string>>;

/** As many as one question for what they hold may name. */
const PAGE = "200";

export async function listConsumers(
  client: PlacementClient<"1.39">,
  query: ConsumerQuery,
  marker?: string,
): Promise<ConsumerPage> {
  const parameters = { ...query, limit: PAGE, marker };
  const { body } = await client.call("consumers/list", { parameters });
  const listed: readonly Omit<ListedConsumer, "holdings">[] = body.consumers;
  const holdings = await holdingsOf(
    client,
    listed.map(({ uuid }) => uuid),
  );
  const consumers = listed.map((each) => ({ ...each, ...holdings.get(each.uuid) }));
  return {
    consumers: consumers.map((each) => ({ holdings: {}, ...each })),
    marker: body.next_marker ?? undefined,
  };
}

/** What each of them holds and whose it is, by uuid. */
export async function holdingsOf(client: PlacementClient<"1.39">, uuids: readonly string[]) {
  const found = new Map<string, Omit<ListedConsumer, "uuid">>();
  for (let from = 0; from < uuids.length; from += Number(PAGE)) {
    const some = uuids.slice(from, from + Number(PAGE));
    const parameters = { consumer_uuid: `in:${some.join(",")}` };
    const { body } = await client.call("allocations/list", { parameters });
    for (const [uuid, consumer] of Object.entries(body.consumers)) {
      const held = Object.entries(consumer.allocations);
      const holdings = Object.fromEntries(held.map(([at, { resources }]) => [at, resources]));
      if (!("project_id" in consumer)) found.set(uuid, { holdings });
      else {
        const { project_id, user_id, consumer_type } = consumer;
        found.set(uuid, { holdings, project_id, user_id, consumer_type });
      }
    }
  }
  return found;
}

export interface Consumer {
  /** Undefined: there is none now. */
  readonly shown: AnswerOf<"consumers/show", "1.39">["body"] | undefined;
  readonly holdings: Holdings;
  /** In their order; undefined: the reader may not see them. */
  readonly history: readonly Happening[] | undefined;
  readonly completeSince: string | null;
}

export async function readConsumer(
  client: PlacementClient<"1.39">,
  uuid: string,
): Promise<Consumer> {
  const parameters = { consumer_uuid: uuid };
  const [shown, allocations, history] = await Promise.all([
    orAbsent(client.call("consumers/show", { parameters }), 404),
    client.call("allocations/show", { parameters }),
    orAbsent(readHistory(client, uuid), 403),
  ]);
  const held = Object.entries(allocations.body.allocations);
  return {
    shown: shown?.body,
    holdings: Object.fromEntries(held.map(([at, { resources }]) => [at, resources])),
    history: history?.events,
    completeSince: history?.completeSince ?? null,
  };
}

const HISTORY_PAGES = 10;

async function readHistory(client: PlacementClient<"1.39">, consumer_uuid: string) {
  const events: Happening[] = [];
  let marker: string | undefined;
  let completeSince: string | null = null;
  for (let page = 0; page < HISTORY_PAGES; page += 1) {
    const parameters = { consumer_uuid, limit: "500", marker };
    const { body } = await client.call("history/show-by-consumer", { parameters });
    events.push(...body.events);
    completeSince = body.complete_since;
    marker = body.next_marker ?? undefined;
    if (marker === undefined) break;
  }
  return { events, completeSince };
}

/** Undefined instead of the refusal with that status. */
async function orAbsent<T>(asked: Promise<T>, status: number): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRefusal(error) && error.status === status) return undefined;
    throw error;
  }
}
