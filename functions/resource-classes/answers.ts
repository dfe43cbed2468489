import * as z from "zod";
import type { Answers } from "../../lib/api/operation.ts";
import { links } from "../shared/answer-schemas.ts";
import { maybeMarker } from "../shared/paging.ts";

const resourceClass = z.strictObject({ name: z.string(), links: links(["self"]) });

export const showAnswers: Answers = { "1.2": { 200: resourceClass } };
export const listAnswers: Answers = {
  "1.2": { 200: z.strictObject({ resource_classes: z.array(resourceClass), ...maybeMarker }) },
};
export const createAnswers: Answers = { "1.2": { 201: null } };
export const updateAnswers: Answers = {
  "1.2": { 200: resourceClass },
  "1.7": { 201: null, 204: null },
};
