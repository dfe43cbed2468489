/**
 * What JSON can carry and nothing may hold: text that UTF-8 cannot write (a
 * surrogate without its other half), and the key `__proto__`, which schemas
 * leave out without a word.
 */
import { pythonRepr } from "./python-repr.ts";
import { brackets } from "./validation-message.ts";

/** A value and where it stands; a chain, so that no path is copied for each value. */
interface Place {
  readonly value: unknown;
  readonly step: PropertyKey;
  readonly above: Place | undefined;
}

/** A sentence about the first thing that is not sound; undefined if all is. */
export function unsoundMessage(document: unknown): string | undefined {
  const places: Place[] = [{ value: document, step: "", above: undefined }];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { value } = place;
    if (typeof value === "string" && !value.isWellFormed()) return words(value, place);
    if (typeof value !== "object" || value === null) continue;
    const entries = Object.entries(value);
    for (const [key] of entries) {
      if (key === "__proto__") return unexpected(key, place);
      if (!key.isWellFormed()) return words(key, place);
    }
    const list = Array.isArray(value);
    for (const [key, inner] of entries) {
      places.push({ value: inner, step: list ? Number(key) : key, above: place });
    }
  }
  return undefined;
}

function words(text: string, place: Place): string {
  return [`${pythonRepr(text)} is not well-formed Unicode`, "", instance(place)].join("\n");
}

function unexpected(key: string, place: Place): string {
  const message = `Additional properties are not allowed (${pythonRepr(key)} was unexpected)`;
  return [message, "", instance(place)].join("\n");
}

function instance(place: Place): string {
  const path: PropertyKey[] = [];
  for (let each = place; each.above !== undefined; each = each.above) path.unshift(each.step);
  return `On instance${brackets(path)}`;
}
