/**
 * Functions by their needs: memory, and how many may run at once. A function's class is
 * derived from its definition; there is no list of names.
 */
import { type AnyOperation, isRead } from "../lib/api/operation.ts";
import type { AnyTask } from "../lib/api/task-definition.ts";

/**
 * `lists` read many records and hold the providers in memory (candidates among
 * them), `writes` change the table (claims among them), `rest` are the other
 * operations and the tasks.
 */
export const FUNCTION_CLASSES = ["lists", "writes", "rest"] as const;

export type FunctionClass = (typeof FUNCTION_CLASSES)[number];

/** A value for each class; a class that is absent keeps its default. */
export type ByClass<T> = { readonly [name in FunctionClass]?: T | undefined };

const LIST_FILE = /\/list(-|$)/;
const CHANGE = /^(Put|Update|Delete)/;

export function changesTable({ access }: AnyOperation | AnyTask): boolean {
  return access.some((action) => CHANGE.test(action));
}

export function classOf(definition: AnyOperation | AnyTask): FunctionClass {
  if (definition.kind === "task") return "rest";
  if (changesTable(definition)) return "writes";
  return isRead(definition) && LIST_FILE.test(definition.id) ? "lists" : "rest";
}
