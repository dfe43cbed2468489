/**
 * One walk over JSON before any schema sees it. It finds a body beyond the limits, text that
 * UTF-8 cannot encode (a surrogate without its other half), and the key `__proto__`, which
 * schemas drop silently.
 */
import { beyondLimits } from "./limits.ts";
import { pythonRepr } from "./python-repr.ts";
import { brackets } from "./validation-message.ts";

export interface Inspection {
  /** The limit that the body exceeds. */
  readonly beyond: string | undefined;
  /** A message about the first unsound text or key. */
  readonly unsound: string | undefined;
}

/** A value and its path, as a chain: no path is copied for each value. */
interface Position {
  readonly value: unknown;
  readonly step: PropertyKey;
  readonly above: Position | undefined;
  /** Objects and arrays around it within the body; below 0 outside the body. */
  readonly level: number;
}

const OUTSIDE = Number.NEGATIVE_INFINITY;

/** @param bodyKey the member of `document` that is the body; by default all of it is */
export function inspect(document: unknown, bodyKey?: string): Inspection {
  const rootLevel = bodyKey === undefined ? 0 : OUTSIDE;
  const levels = new Levels();
  let unsound: string | undefined;
  const positions: Position[] = [{ value: document, step: "", above: undefined, level: rootLevel }];
  for (let position = positions.pop(); position !== undefined; position = positions.pop()) {
    const { value, above, level } = position;
    if (typeof value !== "object" || value === null) {
      levels.add(level, undefined);
      if (typeof value === "string" && !value.isWellFormed())
        unsound ??= malformed(value, position);
      continue;
    }
    const entries = Object.entries(value);
    levels.add(level, entries.length);
    unsound ??= unsoundKey(entries, position);
    const list = Array.isArray(value);
    for (const [key, inner] of entries) {
      const isBody = above === undefined && key === bodyKey;
      const step = list ? Number(key) : key;
      positions.push({ value: inner, step, above: position, level: isBody ? 0 : level + 1 });
    }
  }
  return { beyond: levels.beyond(), unsound };
}

/** What the body holds at each level, from the outside in. */
class Levels {
  readonly #values: number[] = [];
  readonly #mostMembers: number[] = [];

  /** @param members of an object or array; undefined for any other value */
  add(level: number, members: number | undefined): void {
    if (level < 0) return;
    this.#values[level] = (this.#values[level] ?? 0) + 1;
    if (members !== undefined) {
      this.#mostMembers[level] = Math.max(this.#mostMembers[level] ?? 0, members);
    }
  }

  beyond(): string | undefined {
    return beyondLimits(this.#values, this.#mostMembers);
  }
}

function unsoundKey(
  entries: readonly (readonly [string, unknown])[],
  position: Position,
): string | undefined {
  for (const [key] of entries) {
    if (key === "__proto__") return unexpected(key, position);
    if (!key.isWellFormed()) return malformed(key, position);
  }
  return undefined;
}

function malformed(text: string, position: Position): string {
  return [`${pythonRepr(text)} is not well-formed Unicode`, "", instance(position)].join("\n");
}

function unexpected(key: string, position: Position): string {
  const message = `Additional properties are not allowed (${pythonRepr(key)} was unexpected)`;
  return [message, "", instance(position)].join("\n");
}

function instance(position: Position): string {
  const path: PropertyKey[] = [];
  for (let each = position; each.above !== undefined; each = each.above) path.unshift(each.step);
  return `On instance${brackets(path)}`;
}
