import type { ClaimedByQuery, ClaimedConsumer } from "../../lib/store/allocations/query-claim.ts";
import type { NameDirectory } from "../../lib/store/cache/names.ts";
import { leaseMembers } from "../consumers/document.ts";

/** What was claimed, each consumer's as an allocation request of `GET /allocation_candidates`. */
export function claimedDocument({ alternative, tries, consumers, classes }: ClaimedByQuery) {
  return {
    alternative,
    tries,
    consumers: consumers.map((each) => consumerDocument(each, classes)),
  };
}

function consumerDocument({ consumer, mappings }: ClaimedConsumer, classes: NameDirectory) {
  const allocations = [...consumer.allocations].map(([provider, amounts]) => {
    const resources = [...amounts].map(([id, amount]) => [classes.nameOf(id) ?? id, amount]);
    return [provider, { resources: Object.fromEntries(resources) }];
  });
  return {
    uuid: consumer.uuid,
    consumer_generation: consumer.generation,
    life: consumer.incarnation,
    ...leaseMembers(consumer),
    allocations: Object.fromEntries(allocations),
    mappings: Object.fromEntries(mappings),
  };
}
