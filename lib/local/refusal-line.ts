/** The line of the log for a request that the local server refused before any operation saw it. */
import type { Runtime } from "../api/runtime.ts";
import type { Refusal } from "../model/refusal.ts";

/** Whose request it was is not known: the head alone was looked at, or not even that. */
export function logRefusal({ log }: Runtime, requestId: string, refusal: Refusal): void {
  log({
    level: "INFO",
    message: "request",
    source: "http",
    operation: null,
    status: refusal.status,
    code: refusal.code,
    requestId,
  });
}
