import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { generation, links, time, uuid } from "../shared/answer-schemas.ts";

const consumer = z.strictObject({
  uuid: uuid(),
  consumer_generation: generation(),
  project_id: z.string(),
  user_id: z.string(),
  consumer_type: z.string(),
  life: z.string(),
  created_at: time(),
  updated_at: time(),
  expires_at: time().optional(),
  lease_version: generation().optional(),
  links: links(["self", "allocations"]),
});

export const consumerAnswers: Answers = { "1.0": { 200: consumer } };
export const createAnswers: Answers = { "1.0": { 201: consumer } };

const ofProject = z.strictObject({
  uuid: uuid(),
  user_id: z.string(),
  consumer_type: z.string(),
  links: links(["self"]),
});
const idle = z.strictObject({ uuid: uuid(), created_at: time(), links: links(["self"]) });

const leased = z.strictObject({
  uuid: uuid(),
  expires_at: time(),
  lease_version: generation(),
  links: links(["self"]),
});

const list = z.strictObject({
  consumers: z.union([z.array(ofProject), z.array(idle), z.array(leased), z.array(consumer)]),
  next_marker: z.string().nullable(),
});
export const listAnswers: Answers = { "1.0": { 200: list } };
