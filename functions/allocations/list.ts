import type { Answer } from "../../lib/api/answer.ts";
import { lambda } from "../../lib/api/lambda.ts";
import { LIMITS } from "../../lib/api/limits.ts";
import { defineOperation } from "../../lib/api/operation.ts";
import { uuidParameter } from "../../lib/api/path-parameters.ts";
import type { Query } from "../../lib/api/query.ts";
import { AnswerTooLarge } from "../../lib/api/refusals.ts";
import { listedIn } from "../../lib/api/uuid-lists.ts";
import type { Consumer } from "../../lib/model/consumer.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { readManyHoldings } from "../../lib/store/consumers/holdings.ts";
import { latest } from "../shared/latest.ts";
import { listAnswers } from "./answers.ts";
import { classesOf, holdingsDocument, NOTHING_HELD } from "./document.ts";
import { listQuery } from "./schemas.ts";

/**
 * Our extension: what several consumers hold, each as `GET /allocations/{consumer_uuid}` shows
 * it, in the order of the query. Never shows half of a large change.
 */
export const listAllocations = defineOperation({
  id: "allocations/list",
  summary: "Show what several consumers hold",
  route: "GET /allocations",
  onlyWith: { parameter: "consumer_uuid", otherwise: ["POST"] },
  since: "1.0",
  extension: true,
  rule: "placement:allocations:list",
  access: ["GetItem", "BatchGetItem", "Query"],
  query: listQuery,
  answers: listAnswers,
  refusals: [],
  async run({ query, version }, { store, clock }): Promise<Answer> {
    const uuids = consumersIn(query);
    const holdings = await store.list((reader) => readManyHoldings(reader, uuids, checkLength));
    const found = [...holdings.values()].map(({ consumer }) => consumer);
    const directory = await store.classes({ ids: new Set(found.flatMap(classesOf)) });
    const documents = uuids.map((uuid) => {
      const held = holdings.get(uuid);
      return [uuid, held ? holdingsDocument(held, directory, version) : NOTHING_HELD] as const;
    });
    const whole = found.length === uuids.length;
    const times = found.map(({ updated }) => updated);
    return {
      status: 200,
      body: { consumers: Object.fromEntries(documents) },
      // What does not exist has no time of its own.
      lastModified: whole ? latest(times, clock) : clock.now(),
    };
  },
});

/** Each once, however often and in whichever spelling the query names it. */
function consumersIn(query: Query): Uuid[] {
  const given = query.last()["consumer_uuid"] ?? "";
  return [...new Set((listedIn(given) ?? [given]).map(uuidParameter))];
}

/** Characters of the shortest entries. */
const PROVIDER = '"":{"resources":{},"generation":0},'.length + 36;
const AMOUNT = '"A":1,'.length;

/** @throws AnswerTooLarge before providers are read for an answer that no function could return */
function checkLength(consumers: readonly Consumer[]): void {
  let length = 0;
  for (const { allocations } of consumers) {
    for (const amounts of allocations.values()) length += PROVIDER + amounts.size * AMOUNT;
  }
  if (length > LIMITS.answerLength) throw new AnswerTooLarge(false);
}

export const handler = lambda(listAllocations);
