/** Whose the consumers are that hold something on a tree, and since when they are there. */
import type { PlacementClient } from "../../lib/client/client.ts";
import { isRefusal } from "../../lib/client/errors.ts";

export interface OwnerOf {
  readonly project: string | undefined;
  readonly user: string | undefined;
  readonly type: string | undefined;
  readonly created: string | undefined;
}

/** Pages of 1,000 of one provider. */
const MAX_PAGES = 20;

/**
 * By uuid of the consumer. Undefined: the caller may not list the consumers of all projects.
 * @param providers that somebody holds something of
 */
export async function readOwners(
  client: PlacementClient<"1.39">,
  providers: readonly string[],
): Promise<ReadonlyMap<string, OwnerOf> | undefined> {
  const owners = new Map<string, OwnerOf>();
  try {
    await Promise.all(providers.map((provider) => ownersOn(client, provider, owners)));
  } catch (error) {
    if (isRefusal(error) && error.status === 403) return undefined;
    throw error;
  }
  return owners;
}

async function ownersOn(
  client: PlacementClient<"1.39">,
  provider: string,
  owners: Map<string, OwnerOf>,
): Promise<void> {
  let marker: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const parameters = { provider, limit: "1000", marker };
    const { body } = await client.call("consumers/list", { parameters });
    for (const consumer of body.consumers) {
      if (!("project_id" in consumer)) continue;
      const { uuid, project_id: project, user_id: user, consumer_type: type } = consumer;
      owners.set(uuid, { project, user, type, created: consumer.created_at });
    }
    marker = body.next_marker ?? undefined;
    if (marker === undefined) return;
  }
}
