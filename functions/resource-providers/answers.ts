import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import type { VersionText } from "../../lib/model/microversion.ts";
import { generation, links, uuid } from "../shared/answer-schemas.ts";

function shape(relations: readonly string[], more: z.ZodRawShape = {}) {
  return {
    uuid: uuid(),
    name: z.string(),
    generation: generation(),
    ...more,
    links: links(["self", ...relations]),
  };
}

const tree = { parent_provider_uuid: uuid().nullable(), root_provider_uuid: uuid() };

const first = ["inventories", "usages"];
const all = [...first, "aggregates", "traits", "allocations"];

/** The members of a provider, by the microversion from which on each applies. */
export const providerShapes = {
  "1.0": shape(first),
  "1.1": shape([...first, "aggregates"]),
  "1.6": shape([...first, "aggregates", "traits"]),
  "1.11": shape(all),
  "1.14": shape(all, tree),
} as const;

export const showAnswers: Answers = Object.fromEntries(
  Object.entries(providerShapes).map(([since, members]) => [
    since as VersionText,
    { 200: z.strictObject(members) },
  ]),
);

export const createAnswers: Answers = {
  "1.0": { 201: null },
  "1.20": { 200: z.strictObject(providerShapes["1.14"]) },
};
