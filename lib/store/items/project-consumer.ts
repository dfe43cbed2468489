/** A consumer under its project: its usage of all providers; no amounts while it is idle. */
import { createHash } from "node:crypto";
import { type Consumer, isIdle, type Owner, totals } from "../../model/consumer.ts";
import type { Amounts } from "../../model/inventory.ts";
import type { UsingConsumer } from "../../model/usages.ts";
import { storedUuid, type Uuid } from "../../model/uuid.ts";
import type { Item, Key } from "../table/item.ts";
import { amountsAttribute, amountsOf, type StoredAmounts } from "./amounts.ts";
import { type Attribute, attribute, only, read, stored } from "./attributes.ts";
import { afterFirst, firstPart, joined } from "./keys.ts";

export const PROJECT = "PROJECT";

/** Characters of a user's hash: 16 bytes of SHA-256 in hex. */
const HASH = 32;

export const projectPk = (project: string): string => joined(PROJECT, project);

/** A hash, since user ids may have any character. */
export function userHash(user: string): string {
  return createHash("sha256").update(user).digest("hex").slice(0, HASH);
}

/** The prefix of the sort keys of a user's consumers. */
export const userPrefix = (user: string): string => joined(userHash(user), "");

export const projectKey = (project: string, user: string, consumer: Uuid): Key => ({
  pk: projectPk(project),
  sk: `${userPrefix(user)}${consumer}`,
});

const projectConsumer = {
  user: attribute<string>("u"),
  type: attribute<string | null>("t"),
  /** Summed over all providers; absent while the consumer is idle. */
  amounts: attribute<StoredAmounts | undefined>("a"),
} as const;

export function projectItem(given: Consumer): Item {
  const { project, user, type, uuid, allocations } = given;
  const amounts = isIdle(given) ? undefined : amountsAttribute(totals(allocations));
  return {
    ...projectKey(project, user, uuid),
    ...stored(projectConsumer, { user, type, amounts }),
  };
}

export interface ProjectConsumer extends Pick<Owner, "user" | "type"> {
  readonly uuid: Uuid;
  /** Undefined while the consumer is idle. */
  readonly amounts: Amounts | undefined;
}

export function projectConsumerOf(item: Item): ProjectConsumer {
  const amounts = read(item, projectConsumer.amounts);
  return {
    uuid: consumerOfProject(item),
    user: read(item, projectConsumer.user),
    type: read(item, projectConsumer.type),
    amounts: amounts === undefined ? undefined : amountsOf(amounts),
  };
}

/** The item under another key and user; the rest is taken as it is stored. */
export function ownedBy(key: Key, user: string, item: Item): Item {
  const { type, amounts } = projectConsumer;
  return { ...key, ...only(item, [type, amounts]), ...stored(projectConsumer, { user }) };
}

/** What `usingConsumerOf` needs: types only where consumers are told apart by them. */
export const usageAttributes = (byType: boolean): readonly Attribute<unknown>[] =>
  byType ? [projectConsumer.amounts, projectConsumer.type] : [projectConsumer.amounts];

/** Without the conversions of `projectConsumerOf`, which are most of the cost of thousands. */
export function usingConsumerOf(item: Item): UsingConsumer {
  return {
    type: read(item, projectConsumer.type) ?? null,
    amounts: read(item, projectConsumer.amounts),
  };
}

/** The hash of the user in the key. */
export const userHashOf = ({ sk }: Key): string => firstPart(sk);

/** The consumer of the key. */
export const consumerOfProject = ({ sk }: Key): Uuid => storedUuid(afterFirst(sk));

/** The project of the key. */
export const projectOf = ({ pk }: Key): string => afterFirst(pk);
