import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import type { VersionText } from "../../lib/model/microversion.ts";
import { generation, links, uuid } from "../shared/answer-schemas.ts";

function provider(relations: readonly string[], more: z.ZodRawShape = {}) {
  return z.strictObject({
    uuid: uuid(),
    name: z.string(),
    generation: generation(),
    ...more,
    links: links(["self", ...relations]),
  });
}

const tree = { parent_provider_uuid: uuid().nullable(), root_provider_uuid: uuid() };

const first = ["inventories", "usages"];
const all = [...first, "aggregates", "traits", "allocations"];

const documents = {
  "1.0": provider(first),
  "1.1": provider([...first, "aggregates"]),
  "1.6": provider([...first, "aggregates", "traits"]),
  "1.11": provider(all),
  "1.14": provider(all, tree),
} as const;

function each(answer: (document: z.ZodType) => z.ZodType): Answers {
  const entries = Object.entries(documents).map(([since, document]) => [
    since as VersionText,
    { 200: answer(document) },
  ]);
  return Object.fromEntries(entries);
}

export const showAnswers: Answers = each((document) => document);
export const listAnswers: Answers = each((document) =>
  z.strictObject({ resource_providers: z.array(document) }),
);
export const createAnswers: Answers = {
  "1.0": { 201: null },
  "1.20": { 200: documents["1.14"] },
};
