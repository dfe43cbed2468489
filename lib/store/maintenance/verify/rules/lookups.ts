/** Look-up items: the consumer exists and belongs there. */
import type { Uuid } from "../../../../model/uuid.ts";
import { consumerKey, consumerOf } from "../../../items/consumer.ts";
import { lookupItems } from "../../../items/consumer-lookups.ts";
import { heldAllocationOf } from "../../../items/holder.ts";
import { idleConsumerOf } from "../../../items/idle-consumer.ts";
import { listedLeaseOf } from "../../../items/leased-consumer.ts";
import { projectConsumerOf } from "../../../items/project-consumer.ts";
import { type Item, keyText } from "../../../table/item.ts";
import { finding } from "../finding.ts";
import type { Rule } from "../rule.ts";

function lookupRule(consumerOfItem: (item: Item) => Uuid): Rule {
  return {
    needs: (item) => ({ keys: [consumerKey(consumerOfItem(item))] }),
    check(item, near) {
      const uuid = consumerOfItem(item);
      const stored = near.get(consumerKey(uuid));
      const known = stored === undefined ? [] : lookupItems(consumerOf(stored));
      if (known.some((wanted) => keyText(wanted) === keyText(item))) return [];
      const whose = stored === undefined ? "which is absent" : "which is not to be found there";
      const what = `${item.pk} ${item.sk} is of consumer ${uuid}, ${whose}`;
      return [finding("lookup-orphan", what, item, consumerKey(uuid))];
    },
  };
}

export const allocationRule = lookupRule((item) => heldAllocationOf(item).consumer);
export const projectRule = lookupRule((item) => projectConsumerOf(item).uuid);
export const idleRule = lookupRule((item) => idleConsumerOf(item).uuid);
export const leaseRule = lookupRule((item) => listedLeaseOf(item).consumer);
