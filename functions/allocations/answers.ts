import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { integer } from "../../lib/api/schemas.ts";
import type { VersionText } from "../../lib/model/microversion.ts";
import { amounts, generation, ofProvider } from "../shared/answer-schemas.ts";
import { maybeMarker } from "../shared/paging.ts";

const held = z.record(
  z.string(),
  z.strictObject({ resources: amounts(), generation: generation() }),
);
const nothing = z.strictObject({ allocations: z.strictObject({}) });

const owner = { project_id: z.string(), user_id: z.string() };
const counted = { ...owner, consumer_generation: generation() };
const typed = { ...counted, consumer_type: z.string() };

/** By the microversion from which on each applies. Of a consumer that does not exist nothing is shown. */
const consumer = {
  "1.0": z.strictObject({ allocations: held }),
  "1.12": z.union([nothing, z.strictObject({ allocations: held, ...owner })]),
  "1.28": z.union([nothing, z.strictObject({ allocations: held, ...counted })]),
  "1.38": z.union([nothing, z.strictObject({ allocations: held, ...typed })]),
} as const;

function each(answer: (document: z.ZodType) => z.ZodType): Answers {
  const entries = Object.entries(consumer).map(([since, document]) => [
    since as VersionText,
    { 200: answer(document) },
  ]);
  return Object.fromEntries(entries);
}

export const showAnswers: Answers = each((document) => document);
export const listAnswers: Answers = each((document) =>
  z.strictObject({ consumers: z.record(z.string(), document) }),
);

function holders(more: z.ZodRawShape) {
  const holder = z.strictObject({ resources: z.record(z.string(), integer()), ...more });
  return { allocations: z.record(z.string(), holder), ...ofProvider };
}

/** Who holds what on a provider. */
export const holderShapes = {
  "1.0": holders({}),
  "1.28": holders({ consumer_generation: generation() }),
} as const;

export const listByProviderAnswers: Answers = {
  "1.0": { 200: z.strictObject({ ...holderShapes["1.0"], ...maybeMarker }) },
  "1.28": { 200: z.strictObject({ ...holderShapes["1.28"], ...maybeMarker }) },
};

/** Without a generation the consumer is deleted: it held nothing else. */
const released = z.strictObject({
  consumer_uuid: z.string(),
  consumer_generation: generation().nullable(),
  ...owner,
  consumer_type: z.string(),
});
export const emptyAnswers: Answers = {
  "1.0": { 200: z.strictObject({ released: z.array(released), more: z.boolean() }) },
};
