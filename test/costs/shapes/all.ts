/** Every operation in its ordinary shapes, by group. */
import type { Shape } from "../shape.ts";
import { claims, claimsByQuery, consumers } from "./claims.ts";
import { events } from "./events.ts";
import { lists, names, usages } from "./lists.ts";
import { providers, settings } from "./providers.ts";

export const GROUPS: readonly (readonly Shape[])[] = [
  claims,
  claimsByQuery,
  providers,
  settings,
  lists,
  usages,
  names,
  consumers,
  events,
];
