/** Who asks for a change, for its events: see docs/history.md. */
import type { Author, EventCaller } from "../model/history/event.ts";
import { cut } from "./logged-names.ts";
import type { RequestContext } from "./pipeline/request-context.ts";

export function authorOf(context: RequestContext): Author {
  return { caller: callerOf(context), requestId: context.requestId, cause: "request" };
}

/** A direct caller has just the name that it gives itself, which is not authenticated. */
function callerOf({ source, inbound, identity }: RequestContext): EventCaller | null {
  if (source === "direct") return { kind: "direct", user: cut(inbound?.caller) ?? "direct" };
  const user = cut(identity?.user);
  return user === null ? null : { kind: identity?.kind ?? "headers", user };
}
