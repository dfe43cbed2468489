/** Consumers of all projects: by a walk through the table, or of one provider. */
import type { Services } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import type { Query } from "../../lib/api/query.ts";
import { InvalidQuery } from "../../lib/api/refusals.ts";
import type { Consumer } from "../../lib/model/consumer.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { providerConsumers, type Walked, walkConsumers } from "../../lib/store/consumers/walk.ts";
import { walkMarker, walkPosition } from "../../lib/store/items/scan-position.ts";
import { markerOf, notOfThisList, pageOf } from "../shared/paging.ts";
import { writtenType } from "../shared/shown-type.ts";
import { consumerDocument } from "./document.ts";

/** Beside the rule of the list: who may see the consumers of every project. */
const RULE = "placement:consumers:list_all";

/** Whether a query asks for the consumers of all projects. */
function isOverAll(query: Query): boolean {
  const { project_id: project, idle_for: idle, expires_before: expires } = query.last();
  return [project, idle, expires].every((each) => each === undefined);
}

export function rulesOfList(query: Query) {
  return isOverAll(query) ? ([RULE] as const) : [];
}

export interface ListedConsumers {
  readonly consumers: readonly object[];
  readonly next_marker: string | null;
}

/**
 * Undefined: the query asks for another list.
 * @throws InvalidQuery
 */
export async function listOverAll(
  query: Query,
  services: Services,
): Promise<ListedConsumers | undefined> {
  const { user_id: user, older_than: age, provider, consumer_type: type } = query.last();
  if (!isOverAll(query)) {
    if (age === undefined && provider === undefined) return undefined;
    throw new InvalidQuery(
      "'older_than' and 'provider' go with none of 'project_id', 'idle_for' and 'expires_before'",
    );
  }
  if (user !== undefined) throw new InvalidQuery("'user_id' goes with 'project_id' only");
  const until = age === undefined ? undefined : services.clock.now() - Number(age) * 1_000;
  const filter = { until, type: writtenType(type) };
  return provider === undefined
    ? ofTable(query, filter, services)
    : ofProvider(query, uuidParameter(provider), filter, services);
}

interface Filter {
  readonly until: number | undefined;
  readonly type: string | null | undefined;
}

/** Any text that a marker may have: what it says is looked at by `walkPosition`. */
const ANY = /^/;

async function ofTable(query: Query, filter: Filter, { store }: Services) {
  const { limit } = pageOf(query, ANY);
  const { marker } = query.last();
  const after = marker === undefined ? undefined : walkPosition(marker);
  if (marker !== undefined && after === undefined) throw notOfThisList();
  const page = { ...filter, limit, after };
  const walked = await store.list((reader) => walkConsumers(reader, page));
  return shown(walked, walked.next === undefined ? null : walkMarker(walked.next));
}

/** A position among the consumers of a provider: the last of them. */
const PLACE = /^[0-9a-fA-F-]{36}$/;

async function ofProvider(query: Query, provider: Uuid, filter: Filter, { store }: Services) {
  const { limit, after } = pageOf(query, PLACE);
  const from = after === undefined ? undefined : uuidParameter(after);
  const page = { ...filter, limit, after: from };
  const walked = await store.list((reader) => providerConsumers(reader, provider, page));
  return shown(walked, markerOf(walked.next));
}

function shown({ consumers }: Walked<unknown>, marker: string | null): ListedConsumers {
  return { consumers: consumers.map(documentOf), next_marker: marker };
}

const documentOf = (consumer: Consumer) => consumerDocument(consumer);
