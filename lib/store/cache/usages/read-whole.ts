/** Reads a project in full: what its consumers hold, not on which providers. */
import { consumerOfProject, userHashOf, usingConsumerOf } from "../../items/project-consumer.ts";
import type { Key } from "../../table/item.ts";
import { KeptConsumers } from "./kept-consumers.ts";
import type { Reading } from "./read-changed.ts";
import { readProjectItems } from "./read-project.ts";

/** @param most consumers that are kept; more are summed only */
export async function readWholeProject(
  { reader, pending }: Reading,
  project: string,
  most: number,
): Promise<KeptConsumers> {
  const found = new KeptConsumers();
  const onPending = (key: Key) => pending.add(consumerOfProject(key));
  const options = { user: undefined, byType: true, onPending };
  await readProjectItems(reader, project, options, (item) => {
    const { type, amounts } = usingConsumerOf(item);
    if (amounts === undefined) return;
    const use = { user: userHashOf(item), type, amounts, providers: undefined };
    if (found.size < most) found.set(consumerOfProject(item), use);
    else found.sum(use);
  });
  return found;
}
