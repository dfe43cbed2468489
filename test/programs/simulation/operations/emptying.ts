/** Emptying a provider, and deleting one together with all below it. */
import type { Attempt, History } from "../history.ts";
import type { Commit } from "../table.ts";
import { type Cause, holders, refused, type Verdict, type World, withProvider } from "../world.ts";
import { isBelow } from "./providers.ts";

export interface Emptying {
  readonly provider: string;
  readonly limit: number;
}

/** @param commit by whose look-up items it is known whom it released */
export function applyEmptying(world: World, given: Emptying, commit?: Commit): Verdict {
  const { provider, limit } = given;
  if (commit === undefined) {
    if (!world.providers.has(provider)) return refused("404 provider");
    // Whatever it would make, it makes another world.
    return { status: 200, world: { ...world } };
  }
  const released = releasedBy(commit, provider);
  if (released.length > limit) return refused("500 more than the limit");
  const consumers = new Map(world.consumers);
  for (const uuid of released) {
    const before = consumers.get(uuid);
    if (before?.allocations[provider] === undefined) return refused("500 nothing to release");
    const { [provider]: _, ...allocations } = before.allocations;
    if (Object.keys(allocations).length === 0) consumers.delete(uuid);
    else consumers.set(uuid, { ...before, allocations, generation: before.generation + 1 });
  }
  return { status: 200, world: released.length === 0 ? world : { ...world, consumers } };
}

function releasedBy({ keys }: Commit, provider: string): string[] {
  const [kind, separator] = ["ALLOCATIONS", "#"];
  const pk = `${kind}${separator}${provider}`;
  return keys.flatMap((key) => (key.pk === pk ? [key.sk.split(separator)[1] ?? ""] : [])).sort();
}

interface Released {
  readonly consumer_uuid: string;
  readonly consumer_generation: number | null;
  readonly project_id: string;
  readonly user_id: string;
  readonly consumer_type: string;
}

/** What is wrong with an answer: it names exactly whom its commit released, and whether others are left. */
export function wrongEmptying(
  { provider, limit }: Emptying,
  history: History,
  { answer, commits: [commit], from, until = 0 }: Attempt,
): string[] {
  const body = answer?.body as { readonly released: readonly Released[]; readonly more: boolean };
  const named = body.released.map(({ consumer_uuid: uuid }) => uuid);
  const done = commit === undefined ? [] : releasedBy(commit, provider);
  // It is planned before it is committed.
  const worlds = history.worlds.slice(from, commit?.index ?? until + 1);
  const wrong: string[] = [];
  if (named.join() !== done.join()) wrong.push(`it names others than it released: ${done}`);
  if (named.length > limit) wrong.push("it released more than the limit");
  const before = worlds.at(-1);
  for (const each of body.released) {
    if (!isTold(each, before, provider)) wrong.push(`it tells of another ${each.consumer_uuid}`);
  }
  const left = allAlong(worlds, provider).filter((uuid) => !named.includes(uuid));
  const last = named.at(-1) ?? "";
  const passedOver = left.filter((uuid) => uuid < last);
  if (passedOver.length > 0) wrong.push(`it passed over ${passedOver}`);
  if (left.length > 0 && !body.more) wrong.push(`it forgot ${left}`);
  if (body.more && named.length < limit) wrong.push("it released fewer than the limit");
  const others = worlds.some((world) => heldOn(world, provider).some((uuid) => uuid > last));
  if (body.more && !others) wrong.push("nobody was left");
  return wrong;
}

function isTold(each: Released, before: World | undefined, provider: string): boolean {
  const was = before?.consumers.get(each.consumer_uuid);
  if (was === undefined) return false;
  const keeps = Object.keys(was.allocations).some((uuid) => uuid !== provider);
  return (
    each.consumer_generation === (keeps ? was.generation + 1 : null) &&
    each.project_id === was.project &&
    each.user_id === was.user &&
    each.consumer_type === (was.type ?? "unknown")
  );
}

const heldOn = (world: World, provider: string) => holders(world, provider).map(([uuid]) => uuid);

/** Who held something on the provider in all of `worlds`. */
function allAlong([first, ...others]: readonly World[], provider: string): string[] {
  const held = first === undefined ? [] : heldOn(first, provider);
  return held.filter((uuid) =>
    others.every(({ consumers }) => consumers.get(uuid)?.allocations[provider] !== undefined),
  );
}

/** @param commit by whose items it is known which providers went */
export function applySubtreeDeath(world: World, top: string, commit?: Commit): Verdict {
  if (!world.providers.has(top)) return refused("404 provider");
  const members = subtree(world, top);
  if (members.some((uuid) => holders(world, uuid).length > 0)) return refused("409 in use");
  if (commit !== undefined && goneBy(commit).join() !== members.join()) {
    return refused("500 not the subtree");
  }
  const without = members.reduce((each, uuid) => withProvider(each, uuid, undefined), world);
  return { status: 204, world: without };
}

function subtree(world: World, top: string): string[] {
  return [...world.providers.keys()].filter((uuid) => isBelow(world, uuid, top)).sort();
}

function goneBy({ keys }: Commit): string[] {
  return keys.flatMap(({ sk }) => (sk.startsWith("H#") ? [sk.slice(2)] : [])).sort();
}

const IN_USE = /delete resource provider (\S+): Resource provider has allocations/;

/** The provider that a refusal names. */
export function inUse(detail: string): string | undefined {
  return IN_USE.exec(detail)?.[1];
}

/** A refusal names a provider that was below, and on which somebody held something, at one moment. */
export function isFairSubtreeRefusal(
  cause: Cause,
  worlds: readonly World[],
  { top, detail }: { readonly top: string; readonly detail: string },
): boolean | undefined {
  if (cause !== "409 in use") return undefined;
  const named = inUse(detail) ?? "";
  return worlds.some(
    (world) =>
      world.providers.has(named) && isBelow(world, named, top) && holders(world, named).length > 0,
  );
}
