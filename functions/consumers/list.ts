import type { Answer } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { defineOperation, type Services } from "../../lib/api/operation.ts";
import { InvalidQuery } from "../../lib/api/refusals.ts";
import {
  expiringConsumers,
  idleConsumers,
  projectConsumers,
} from "../../lib/store/consumers/lists.ts";
import { markerOf, type PageRequest, pageOf } from "../shared/paging.ts";
import { shownType, writtenType } from "../shared/shown-type.ts";
import { listAnswers } from "./answers.ts";
import { consumerPath, leaseMembers } from "./document.ts";
import { listOverAll, rulesOfList } from "./list-all.ts";
import { listQuery } from "./schemas.ts";

type Given = Record<string, string | undefined>;

/**
 * Our extension: the consumers of a project, the idle ones by age, those with leases by their ends,
 * or those of all projects.
 */
export const listConsumers = defineOperation({
  id: "consumers/list",
  summary:
    "List consumers: of a project, idle ones by age, leases by their ends, or of all projects",
  route: "GET /consumers",
  since: "1.0",
  extension: true,
  rule: "placement:consumers:list",
  alsoRules: rulesOfList,
  access: ["GetItem", "BatchGetItem", "Query", "Scan"],
  query: listQuery,
  answers: listAnswers,
  refusals: [InvalidQuery],
  async run({ query }, services) {
    const given: Given = query.last();
    const { project_id: project, idle_for: idle, expires_before: expires } = given;
    const { user_id: user, consumer_type: type } = given;
    const all = await listOverAll(query, services);
    if (all !== undefined) return { status: 200, body: all, lastModified: services.clock.now() };
    if ([project, idle, expires].filter((each) => each !== undefined).length !== 1) {
      throw new InvalidQuery(
        "exactly one of 'project_id', 'idle_for' and 'expires_before' is required",
      );
    }
    if (project === undefined && (user !== undefined || type !== undefined)) {
      throw new InvalidQuery("'user_id' and 'consumer_type' go with 'project_id' only");
    }
    const page = pageOf(query, PLACE);
    if (idle !== undefined) return byAge(given, page, services);
    return expires === undefined
      ? byProject(given, page, services)
      : byExpiry(Date.parse(expires), page, services);
  },
});

/** A position in a list: a time or a user's digest, and a consumer. */
const PLACE = /^[0-9a-f]{15,32}#[0-9a-fA-F-]{36}$/;

function answer(consumers: unknown[], next: string | undefined, { clock }: Services): Answer {
  const body = { consumers, next_marker: markerOf(next) };
  return { status: 200, body, lastModified: clock.now() };
}

async function byProject(given: Given, page: PageRequest, services: Services): Promise<Answer> {
  const type = given["consumer_type"];
  const { consumers, next } = await services.store.list((reader) =>
    projectConsumers(reader, given["project_id"] ?? "", {
      ...page,
      user: given["user_id"],
      type: writtenType(type),
    }),
  );
  const documents = consumers.map((consumer) => ({
    uuid: consumer.uuid,
    user_id: consumer.user,
    consumer_type: shownType(consumer.type),
    links: [{ rel: "self", href: consumerPath(consumer.uuid) }],
  }));
  return answer(documents, next, services);
}

async function byAge(given: Given, page: PageRequest, services: Services): Promise<Answer> {
  const before = services.clock.now() - Number(given["idle_for"]) * 1_000;
  const { consumers, next } = await services.store.list((reader) =>
    idleConsumers(reader, before, page),
  );
  const documents = consumers.map((consumer) => ({
    uuid: consumer.uuid,
    created_at: new Date(consumer.since).toISOString(),
    links: [{ rel: "self", href: consumerPath(consumer.uuid) }],
  }));
  return answer(documents, next, services);
}

async function byExpiry(before: number, page: PageRequest, services: Services): Promise<Answer> {
  const { consumers, next } = await services.store.list((reader) =>
    expiringConsumers(reader, before, page),
  );
  const documents = consumers.map((consumer) => ({
    uuid: consumer.uuid,
    ...leaseMembers(consumer),
    links: [{ rel: "self", href: consumerPath(consumer.uuid) }],
  }));
  return answer(documents, next, services);
}

export const handler = lambda(listConsumers);
