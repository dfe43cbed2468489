/** How other items name an event: the subject and the sort key, as one text. */
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Key } from "../table/item.ts";
import { eventsPk, subjectOf } from "./event.ts";
import { afterFirst, firstPart, joined } from "./keys.ts";

export const eventRef = (key: Key): string => joined(subjectOf(key), key.sk);

export const subjectOfRef = (ref: string): Uuid => storedUuid(firstPart(ref));

export const eventKeyOf = (ref: string): Key => ({
  pk: eventsPk(subjectOfRef(ref)),
  sk: afterFirst(ref),
});
