import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { STANDARD_CLASS_IDS } from "../../lib/model/standard-classes.ts";
import type { Store } from "../../lib/store/store.ts";
import { NAME_PLACE, namesPage } from "../shared/names-page.ts";
import { markerOf, type PageRequest, pageAskedFor } from "../shared/paging.ts";
import { listAnswers } from "./answers.ts";
import { classDocument } from "./document.ts";
import { listQuery } from "./schemas.ts";

/** API reference, "List resource classes"; in pages, our extension. */
export const listResourceClasses = defineOperation({
  id: "resource-classes/list",
  summary: "List resource classes",
  route: "GET /resource_classes",
  since: "1.2",
  rule: "placement:resource_classes:list",
  access: ["GetItem", "Query"],
  query: listQuery,
  answers: listAnswers,
  refusals: [],
  async run({ query }, { store, clock }) {
    const page = pageAskedFor(query, NAME_PLACE);
    const body = page === undefined ? await whole(store) : await part(store, page);
    // Standard classes have no time of their own, so that the list is as new as the request.
    return { status: 200, body, lastModified: clock.now() };
  },
});

async function whole(store: Store) {
  const custom = await store.customNames("CLASSES");
  const names = [...STANDARD_CLASS_IDS.keys(), ...custom.map(({ name }) => name)];
  return { resource_classes: names.map(classDocument) };
}

async function part(store: Store, page: PageRequest) {
  const list = { kind: "CLASSES", standard: STANDARD_CLASS_IDS, passes: () => true } as const;
  const { names, next } = await store.list((reader) => namesPage(reader, list, page));
  return { resource_classes: names.map(classDocument), next_marker: markerOf(next) };
}

export const handler = lambda(listResourceClasses);
