/** Our extensions of the list of providers: pages, and what is included of each provider. */
import type { Answer } from "../../lib/api/answer.ts";
import { LIMITS } from "../../lib/api/limits.ts";
import type { OperationRequest, Services } from "../../lib/api/operation.ts";
import type { Query } from "../../lib/api/query.ts";
import { AnswerTooLarge } from "../../lib/api/refusals.ts";
import type { Provider } from "../../lib/model/provider.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { readHoldersOfMany } from "../../lib/store/consumers/holders.ts";
import { type ListRequest, listProviders } from "../../lib/store/providers/list.ts";
import type { Store } from "../../lib/store/store.ts";
import { latest } from "../shared/latest.ts";
import { markerOf, type PageRequest, pageAskedFor } from "../shared/paging.ts";
import { providerDocument } from "./document.ts";
import { includesIn } from "./include.ts";
import { directoriesOf, includedDocument, leastLength, type Shown } from "./included.ts";
import { listRequest } from "./list-request.ts";

/** Providers of one answer with their allocations: each costs a query. */
export const MAX_WITH_ALLOCATIONS = 270;
/** Consumers of these providers together; a page of one provider may have more. */
export const MAX_HOLDERS = 20_000;

/** A position in the order of creation: milliseconds since 1970, and a provider. */
const PLACE = /^[0-9]{1,16}#[0-9a-fA-F-]{36}$/;

/** Whether a query asks for more than Placement's list. */
export function isExtended(query: Query): boolean {
  return ["limit", "marker", "include"].some((name) => query.all(name).length > 0);
}

/** @throws AnswerTooLarge, InvalidQuery */
export async function providersPage(
  { query, version }: Pick<OperationRequest, "query" | "version">,
  { store, clock }: Services,
): Promise<Answer> {
  const page = pageAskedFor(query, PLACE);
  const includes = includesIn(query);
  const request = await listRequest(store, query, version);
  const { providers, holders, next } = includes.has("allocations")
    ? await withHolders(store, request, page)
    : { ...cut(await listProviders(store, request), page), holders: new Map() };
  const shown: Shown = { providers, holders, includes };
  const directories = await directoriesOf(store, shown);
  if (leastLength(shown, directories, version) > LIMITS.answerLength) {
    throw new AnswerTooLarge(false);
  }
  const documents = providers.map((provider) => ({
    ...providerDocument(provider, version),
    ...(includes.size === 0
      ? {}
      : { included: includedDocument(provider, shown, directories, version) }),
  }));
  const body = {
    resource_providers: documents,
    ...(page === undefined ? {} : { next_marker: markerOf(next) }),
  };
  const times = providers.map(({ state }) => state.updated);
  return { status: 200, body, lastModified: latest(times, clock) };
}

interface Cut {
  readonly providers: readonly Provider[];
  /** The position to go on after; undefined on the last page, and where nothing was cut. */
  readonly next: string | undefined;
}

/** @param all in the order of their creation */
function cut(all: readonly Provider[], page: PageRequest | undefined): Cut {
  if (page === undefined) return { providers: all, next: undefined };
  const from = page.after === undefined ? 0 : indexAfter(all, page.after);
  const providers = all.slice(from, from + page.limit);
  const more = from + page.limit < all.length;
  return { providers, next: more ? placeOf(providers.at(-1)) : undefined };
}

function indexAfter(all: readonly Provider[], place: string): number {
  const [created = "", uuid = ""] = place.split("#");
  const time = Number(created);
  const index = all.findIndex(
    ({ state }) => state.created > time || (state.created === time && state.uuid > uuid),
  );
  return index === -1 ? all.length : index;
}

function placeOf(last: Provider | undefined): string | undefined {
  return last && `${last.state.created}#${last.state.uuid}`;
}

/** In `list`, so that states and allocations are of the same side of each large change. */
async function withHolders(store: Store, request: ListRequest, page: PageRequest | undefined) {
  return store.list(async (reader) => {
    const found = bounded(cut(await listProviders(store, request), page), page);
    const held = found.providers.filter(({ state }) => state.consumers > 0);
    const uuids: Uuid[] = held.map(({ state }) => state.uuid);
    return { ...found, holders: await readHoldersOfMany(reader, uuids) };
  });
}

/**
 * With fewer providers, so that their allocations can be read: a page ends early, and has one
 * provider at least.
 * @throws AnswerTooLarge where no page was asked for
 */
function bounded({ providers, next }: Cut, page: PageRequest | undefined): Cut {
  let holders = 0;
  const beyond = providers.findIndex(({ state }, index) => {
    holders += state.consumers;
    return index >= MAX_WITH_ALLOCATIONS || (index > 0 && holders > MAX_HOLDERS);
  });
  if (beyond === -1) return { providers, next };
  if (page === undefined) throw new AnswerTooLarge(false);
  const shorter = providers.slice(0, beyond);
  return { providers: shorter, next: placeOf(shorter.at(-1)) };
}
