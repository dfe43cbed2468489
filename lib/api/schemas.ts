/**
 * The building blocks of request schemas.
 *
 * A check that zod lacks carries the JSON Schema keyword that it implements, so that a
 * refusal names the same keyword as Placement's.
 */
import * as z from "zod";
import { isUuidLike, type Uuid, uuidOrItself } from "../model/uuid.ts";
import { pythonRepr } from "./python-repr.ts";

/** What a custom check passes on for the message of a refusal. */
export interface KeywordParams {
  readonly keyword: string;
  /** The message, if it does not follow from the keyword. */
  readonly words?: string;
}

function keyword(name: string): { params: KeywordParams } {
  return { params: { keyword: name } };
}

export const MAX_INT = 2_147_483_647;
export const MAX_NAME = 255;

/** JSON's `-0` becomes 0, for comparisons and for the table. */
const unsigned = (value: number) => value + 0;

/** An integer as JSON Schema defines it: `1.0` is one, and it may exceed 2^53. */
export function integer(bounds: { min?: number; max?: number } = {}) {
  let schema = z.number();
  if (bounds.min !== undefined) schema = schema.min(bounds.min);
  if (bounds.max !== undefined) schema = schema.max(bounds.max);
  return schema
    .refine(Number.isInteger, keyword("type"))
    .overwrite(unsigned)
    .meta({ type: "integer" });
}

export const number = (bounds: { max: number }) => z.number().max(bounds.max).overwrite(unsigned);

/** A UUID as Python's `uuid.UUID` accepts it (any case, dashes and braces optional), kept as written. */
export const uuidText = () =>
  z.string().refine(isUuidLike, keyword("format")).meta({ format: "uuid" });

/** The same, converted to the one form in which UUIDs are compared. */
export const uuidLike = () => uuid(isUuidLike);

/** The same, but only in the form of 36 characters with dashes. */
export const dashedUuid = () => uuid((text) => isUuidLike(text) && text.length === 36);

function uuid(accepts: (text: string) => boolean) {
  return z
    .string()
    .refine(accepts, keyword("format"))
    .meta({ format: "uuid" })
    .transform(uuidOrItself);
}

const DATE_TIME = z.iso.datetime({ offset: true });

/** A time with its offset, as RFC 3339 writes it: `2026-01-31T12:00:00Z`. */
export const dateTime = () =>
  z
    .string()
    .refine((text) => DATE_TIME.safeParse(text).success, keyword("format"))
    .meta({ format: "date-time" });

export const UUID_KEY = /^[0-9a-fA-F-]{36}$/;
export const CLASS_NAME = /^[A-Z0-9_]+$/;
export const CUSTOM_NAME = /^CUSTOM_[A-Z0-9_]+$/;

export const className = () => z.string().min(1).max(MAX_NAME).regex(CLASS_NAME);
export const customName = () => z.string().min(1).max(MAX_NAME).regex(CUSTOM_NAME);

/** Project, user: 1 to 255 characters. */
export const externalId = () => z.string().min(1).max(MAX_NAME);

/** The type that is shown, and accepted, for a consumer without a type. */
export const UNTYPED = "unknown";

/** A type, or `unknown` for none, which Placement shows but does not accept. */
export const consumerType = () =>
  z
    .string()
    .min(1)
    .max(MAX_NAME)
    .refine((text) => text === UNTYPED || CLASS_NAME.test(text), keyword("pattern"))
    .meta({ pattern: `${CLASS_NAME.source}|^${UNTYPED}$` });

/** A list without duplicates. */
export function unique<T extends z.ZodType<string>>(list: z.ZodArray<T>) {
  return list
    .refine((given) => new Set(given).size === given.length, keyword("uniqueItems"))
    .meta({ uniqueItems: true });
}

/** An object whose keys match one pattern, with at least `min` properties. */
export function record<T extends z.ZodType>(key: RegExp, value: T, options: { min?: number } = {}) {
  const schema = z.record(z.string().regex(key), value);
  const least = options.min ?? 0;
  if (least === 0) return schema;
  return schema
    .refine((given) => Object.keys(given).length >= least, keyword("minProperties"))
    .meta({ minProperties: least });
}

/**
 * An object keyed by UUIDs, which are converted to the form in which they are compared.
 * Two spellings of one UUID in the same object are refused.
 */
export function byUuid<T extends z.ZodType>(value: T, options: { min?: number } = {}) {
  return record(UUID_KEY, value, options)
    .superRefine((given, context) => {
      const spellings = new Map<Uuid, string>();
      for (const key of Object.keys(given)) {
        const uuid = uuidOrItself(key);
        const other = spellings.get(uuid);
        spellings.set(uuid, key);
        if (other === undefined) continue;
        const words = `${pythonRepr(other)} and ${pythonRepr(key)} are the same uuid`;
        const params: KeywordParams = { keyword: "uniqueItems", words };
        context.addIssue({ code: "custom", params });
      }
    })
    .transform((given): Readonly<Record<Uuid, z.output<T>>> => {
      const entries = Object.entries(given).map(
        ([key, each]) => [uuidOrItself(key), each] as const,
      );
      return Object.fromEntries(entries);
    });
}

/** The type of a body as a client writes it: UUIDs in any spelling that is accepted. */
export type Written<T> = T extends Uuid
  ? string
  : T extends readonly (infer Each)[]
    ? readonly Written<Each>[]
    : T extends object
      ? { [Key in keyof T as Key extends Uuid ? string : Key]: Written<T[Key]> }
      : T;

/** The entries of an object parsed by `byUuid`. */
export function entriesOf<T>(given: Readonly<Record<Uuid, T>>): [Uuid, T][] {
  return Object.entries(given) as [Uuid, T][];
}

/** An object of strings that has only the keys of `shape` and keys that match a pattern. */
export function patterned(shape: z.ZodRawShape, patterns: readonly RegExp[]) {
  const sources = patterns.map(({ source }) => source).sort();
  const text = { type: "string" };
  return z
    .looseObject(shape)
    .superRefine((given, context) => {
      const unknown = Object.keys(given).filter(
        (key) => !Object.hasOwn(shape, key) && !patterns.some((pattern) => pattern.test(key)),
      );
      if (unknown.length === 0) return;
      const keys = unknown.sort().map(pythonRepr).join(", ");
      const verb = unknown.length === 1 ? "does" : "do";
      const words = `${keys} ${verb} not match any of the regexes: ${sources.map(pythonRepr).join(", ")}`;
      const params: KeywordParams = { keyword: "additionalProperties", words };
      context.addIssue({ code: "custom", params });
    })
    .meta({
      additionalProperties: false,
      patternProperties: Object.fromEntries(sources.map((source) => [source, text])),
    });
}
