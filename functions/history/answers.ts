import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { integer } from "../../lib/api/schemas.ts";
import { CAUSES, CONSUMER_EVENTS, PROVIDER_EVENTS } from "../../lib/model/history/event.ts";
import { amounts, generation, inventoryFields, time, uuid } from "../shared/answer-schemas.ts";

/** Null: there was none, or there is none any more. */
const difference = (value: z.ZodType) =>
  z.strictObject({ before: value.nullable(), after: value.nullable() }).optional();

const inventory = z.strictObject(inventoryFields);

/** What differs, under the names that it has elsewhere in the API. */
const consumerChanges = z.strictObject({
  project_id: difference(z.string()),
  user_id: difference(z.string()),
  consumer_type: difference(z.string()),
  expires_at: difference(time()),
  allocations: difference(z.record(z.string(), amounts())),
});
const providerChanges = z.strictObject({
  name: difference(z.string()),
  parent_provider_uuid: difference(z.string()),
  root_provider_uuid: difference(z.string()),
  inventories: difference(z.record(z.string(), inventory)),
  traits: difference(z.array(z.string())),
  aggregates: difference(z.array(z.string())),
});

const event = {
  id: z.string(),
  subject: uuid(),
  generation_before: generation().nullable(),
  generation_after: generation().nullable(),
  truncated: z.literal(true).optional(),
  /** Only for callers that see the events of all projects. */
  caller: z.strictObject({ kind: z.string(), user: z.string() }).nullable().optional(),
  request_id: z.string().nullable(),
  time: time(),
  cause: z.enum(CAUSES),
  change_id: z.string().optional(),
  change_size: integer({ min: 2 }).optional(),
};

const page = (events: z.ZodType) =>
  z.strictObject({
    events: z.array(events),
    next_marker: z.string().nullable(),
    complete_since: time().nullable(),
  });

export const ofConsumer = z.strictObject({
  ...event,
  event: z.enum(CONSUMER_EVENTS),
  life: z.string(),
  changes: consumerChanges,
  project_id: z.string(),
});
export const ofProvider = z.strictObject({
  ...event,
  event: z.enum(PROVIDER_EVENTS),
  life: z.null(),
  changes: providerChanges,
  project_id: z.null(),
});

export const consumerHistoryAnswers: Answers = { "1.0": { 200: page(ofConsumer) } };
export const providerHistoryAnswers: Answers = { "1.0": { 200: page(ofProvider) } };
