import type { Answer } from "../../lib/api/answer.ts";
import type { Consumer } from "../../lib/model/consumer.ts";
import type { Uuid } from "../../lib/model/uuid.ts";
import { shownType } from "../shared/shown-type.ts";

export function consumerPath(uuid: Uuid): string {
  return `/consumers/${uuid}`;
}

/**
 * A consumer as our extension shows it. `life` is its incarnation, which changes when a
 * consumer is deleted and created again: (life, consumer_generation) is a fencing token. The
 * lease's members are there only while it has one.
 */
export function consumerDocument(consumer: Consumer) {
  const path = consumerPath(consumer.uuid);
  return {
    uuid: consumer.uuid,
    consumer_generation: consumer.generation,
    project_id: consumer.project,
    user_id: consumer.user,
    consumer_type: shownType(consumer.type),
    life: consumer.incarnation,
    created_at: new Date(consumer.created).toISOString(),
    updated_at: new Date(consumer.updated).toISOString(),
    ...leaseMembers(consumer),
    links: [
      { rel: "self", href: path },
      { rel: "allocations", href: `/allocations/${consumer.uuid}` },
    ],
  };
}

export function leaseMembers({ lease }: Consumer) {
  if (lease?.term === undefined) return {};
  const { version, term } = lease;
  return { expires_at: new Date(term.expires).toISOString(), lease_version: version };
}

export function consumerAnswer(consumer: Consumer): Answer {
  return { status: 200, body: consumerDocument(consumer), lastModified: consumer.updated };
}
