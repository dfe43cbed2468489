/** The position of a verification, as text that is opaque to callers. */
import * as z from "zod";
import type { Key } from "../../../table/item.ts";

export const PHASES = ["marks", "consumers", "lookups", "rest", "names"] as const;
export type Phase = (typeof PHASES)[number];

export interface WalkPosition {
  readonly phase: Phase;
  /** The last key that was processed; undefined: the phase begins. */
  readonly after: Key | undefined;
}

const schema = z.object({
  phase: z.enum(PHASES),
  after: z.object({ pk: z.string(), sk: z.string() }).optional(),
});

export function positionText({ phase, after }: WalkPosition): string {
  return Buffer.from(JSON.stringify({ phase, after })).toString("base64url");
}

/** Undefined if `text` is not a position. */
export function positionOf(text: string): WalkPosition | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    const { phase, after } = schema.parse(json);
    return { phase, after };
  } catch {
    return undefined;
  }
}
