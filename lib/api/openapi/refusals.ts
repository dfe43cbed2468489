/** The refusals of an operation, and an example of each. */

import { minor } from "../../model/microversion.ts";
import type { Refusal, RefusalClass } from "../../model/refusal.ts";
import {
  AnswerTooLargeToKeep,
  BadIdempotencyKey,
  IdempotencyKeyReused,
} from "../../model/refusals/idempotency.ts";
import { BadLease, BadLife, HeaderNotTaken } from "../../model/refusals/leases.ts";
import {
  Busy,
  DamagedRecords,
  NewerTableFormat,
  UnknownOutcome,
} from "../../store/table/refusals.ts";
import { takesIdempotencyKey } from "../idempotency.ts";
import { type AnyOperation, isRead } from "../operation.ts";
import {
  AnswerNeedsParts,
  AnswerTooLarge,
  BadContentLength,
  BodyTooLarge,
  IdentityUnavailable,
  InvalidBody,
  InvalidQuery,
  MalformedJson,
  MalformedVersion,
  MethodNotAllowed,
  MissingContentType,
  MissingIdentity,
  NotAcceptable,
  OnlyPlainText,
  PolicyForbids,
  UnexpectedFailure,
  UnknownPath,
  UnservedVersion,
  UnsupportedMediaType,
  WrongScope,
} from "../refusals.ts";

/** By the header that is taken. */
const TAKEN = { lease: BadLease, life: BadLife } as const;

const KEYED = [BadIdempotencyKey, IdempotencyKeyReused, AnswerTooLargeToKeep];

/** The refusals that the protocol adds to `operation`, then its own. */
export function refusalsOf(operation: AnyOperation): RefusalClass[] {
  const { since, missingStatus, onlyWith, rule, body, query, mediaType, ignoresAccept, access } =
    operation;
  const { takes = [] } = operation;
  const reads = isRead(operation) && ignoresAccept !== true;
  const all: RefusalClass[] = [
    ...(rule === undefined ? [] : [MissingIdentity, IdentityUnavailable]),
    MalformedVersion,
    UnservedVersion,
    BadContentLength,
    MissingContentType,
    ...(minor(since) === 0 ? [] : [missingStatus === 405 ? MethodNotAllowed : UnknownPath]),
    ...(onlyWith === undefined ? [] : [MethodNotAllowed]),
    ...(body === undefined ? [] : [BodyTooLarge, UnsupportedMediaType, MalformedJson, InvalidBody]),
    ...(reads ? [mediaType === undefined ? NotAcceptable : OnlyPlainText] : []),
    ...(rule === undefined ? [] : [PolicyForbids, WrongScope]),
    ...(takesIdempotencyKey(operation) ? KEYED : []),
    ...takes.map((header) => TAKEN[header]),
    ...(isRead(operation) || takes.length === 2 ? [] : [HeaderNotTaken]),
    ...(query === undefined ? [] : [InvalidQuery]),
    ...operation.refusals,
    ...(reads && !operation.refusals.includes(AnswerNeedsParts) ? [AnswerTooLarge] : []),
    ...(access.length === 0 ? [] : [Busy, UnknownOutcome, DamagedRecords, NewerTableFormat]),
    UnexpectedFailure,
  ];
  return [...new Set(all)];
}

/**
 * A refusal of that class made from placeholders: status and code are those of the class,
 * and the detail shows where names and numbers are inserted.
 */
export function exampleOf(refusalClass: RefusalClass): Refusal {
  return Reflect.construct(
    refusalClass,
    Array.from({ length: 6 }, () => placeholder),
  );
}

const PLACEHOLDER = "…";

/** Replaces any argument: as text, and as an object whose members and calls yield text. */
const placeholder: unknown = new Proxy(() => PLACEHOLDER, {
  get: (_target, key) => (key === Symbol.toPrimitive ? () => PLACEHOLDER : placeholder),
  // A function of a sentence adds text around it.
  apply: (_target, _self, [words]) => (typeof words === "string" ? words : PLACEHOLDER),
});
