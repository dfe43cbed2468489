/**
 * The list of everything that is deployed. The stack, the local server and the
 * documents are made from it; nothing is listed twice.
 */
import type { AnyOperation, AnyTask } from "../lib/api/operation.ts";
import { showRoot } from "./root/show.ts";

/** Operations with a route of their own. The function behind `$default` is in `fallback/`. */
export const operations: readonly AnyOperation[] = [showRoot];

/** Functions without a route. */
export const tasks: readonly AnyTask[] = [];
