/** A consumer under its project: its usage of all providers; no amounts while it is idle. */
import { createHash } from "node:crypto";
import { type Consumer, isIdle, type Owner, totals } from "../../model/consumer.ts";
import type { Amounts } from "../../model/inventory.ts";
import type { UsingConsumer } from "../../model/usages.ts";
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { amountsAttribute, amountsOf, type StoredAmounts } from "./amounts.ts";
import { type Attribute, attribute, read, stored } from "./attributes.ts";
import { afterFirst, joined } from "./keys.ts";

export const PROJECT = "PROJECT";

/** Characters of a user's hash: 16 bytes of SHA-256 in hex. */
const HASH = 32;

export const projectPk = (project: string): string => joined(PROJECT, project);

/** The prefix of the sort keys of a user's consumers: a hash, since user ids may have any character. */
export function userPrefix(user: string): string {
  return joined(createHash("sha256").update(user).digest("hex").slice(0, HASH), "");
}

export const projectKey = (project: string, user: string, consumer: Uuid): Key => ({
  pk: projectPk(project),
  sk: `${userPrefix(user)}${consumer}`,
});

const attributes = {
  user: attribute<string>("u"),
  type: attribute<string | null>("t"),
  /** Summed over all providers; absent while the consumer is idle. */
  amounts: attribute<StoredAmounts | undefined>("a"),
} as const;

export function projectItem(given: Consumer): Item {
  const { project, user, type, uuid, allocations } = given;
  const amounts = isIdle(given) ? undefined : amountsAttribute(totals(allocations));
  return { ...projectKey(project, user, uuid), ...stored(attributes, { user, type, amounts }) };
}

export interface ProjectConsumer extends Pick<Owner, "user" | "type"> {
  readonly uuid: Uuid;
  /** Undefined while the consumer is idle. */
  readonly amounts: Amounts | undefined;
}

export function projectConsumerOf(item: Item): ProjectConsumer {
  const amounts = read(item, attributes.amounts);
  return {
    uuid: storedUuid(afterFirst(item.sk)),
    user: read(item, attributes.user),
    type: read(item, attributes.type),
    amounts: amounts === undefined ? undefined : amountsOf(amounts),
  };
}

/** What `usingConsumerOf` needs: types only where consumers are told apart by them. */
export const usageAttributes = (byType: boolean): readonly Attribute<unknown>[] =>
  byType ? [attributes.amounts, attributes.type] : [attributes.amounts];

/** Without the conversions of `projectConsumerOf`, which are most of the cost of thousands. */
export function usingConsumerOf(item: Item): UsingConsumer {
  return { type: read(item, attributes.type) ?? null, amounts: read(item, attributes.amounts) };
}

/** The project of the key. */
export const projectOf = ({ pk }: Key): string => afterFirst(pk);
