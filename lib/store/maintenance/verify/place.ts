/** Where a verification goes on, as text that callers hand back and need not understand. */
import * as z from "zod";
import type { Key } from "../../table/item.ts";

export const PHASES = ["marks", "consumers", "lookups", "rest", "names"] as const;
export type Phase = (typeof PHASES)[number];

export interface Place {
  readonly phase: Phase;
  readonly after: Key | undefined;
}

const schema = z.object({
  phase: z.enum(PHASES),
  after: z.object({ pk: z.string(), sk: z.string() }).optional(),
});

export function placeText({ phase, after }: Place): string {
  return Buffer.from(JSON.stringify({ phase, after })).toString("base64url");
}

/** Undefined if `text` is no place. */
export function placeOf(text: string): Place | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    const { phase, after } = schema.parse(json);
    return { phase, after };
  } catch {
    return undefined;
  }
}
