/** Writes of consumers as records of their own. */
import {
  type Consumer,
  isIdle,
  refused,
  type Verdict,
  type World,
  withConsumer,
} from "../world.ts";

export interface Owner {
  readonly project: string;
  readonly user: string;
  readonly type: string | undefined;
}

export function ownerBody({ project, user, type }: Owner) {
  return {
    project_id: project,
    user_id: user,
    ...(type === undefined ? {} : { consumer_type: type }),
  };
}

export function applyCreate(world: World, uuid: string, { project, user, type }: Owner): Verdict {
  if (world.consumers.has(uuid)) return refused("409 exists");
  const made: Consumer = { generation: 0, project, user, type: type ?? null, allocations: {} };
  return { status: 201, world: withConsumer(world, uuid, made), generation: 0 };
}

/** @param change undefined only raises the generation */
export function applyChange(
  world: World,
  uuid: string,
  generation: number,
  change?: Owner,
): Verdict {
  const before = world.consumers.get(uuid);
  if (before === undefined) return refused("404 consumer");
  if (before.generation !== generation) return refused("409 consumer generation");
  const after: Consumer = {
    ...before,
    project: change?.project ?? before.project,
    user: change?.user ?? before.user,
    type: change?.type ?? before.type,
    generation: generation + 1,
  };
  return { status: 200, world: withConsumer(world, uuid, after), generation: generation + 1 };
}

export function applyDelete(world: World, uuid: string, generation: number): Verdict {
  const before = world.consumers.get(uuid);
  if (before === undefined) return refused("404 consumer");
  if (before.generation !== generation) return refused("409 consumer generation");
  if (!isIdle(before)) return refused("409 holds");
  return { status: 204, world: withConsumer(world, uuid, undefined) };
}
