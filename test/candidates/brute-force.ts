/**
 * A search for allocation candidates that is slow and obviously right: at every
 * anchor all ways to give every group and class a provider that would do for it
 * alone are tried, and each is checked as a whole. Written from the rules of the
 * API alone, for comparing.
 */
import type { Candidate } from "../../lib/model/candidates/candidate.ts";
import {
  type CandidateQuery,
  type RequestGroup,
  UNSUFFIXED,
} from "../../lib/model/candidates/query.ts";
import { claimFault } from "../../lib/model/inventory.ts";
import type { Provider } from "../../lib/model/provider.ts";
import { passesTraits } from "../../lib/model/queries/required.ts";
import type { ClassId } from "../../lib/model/standard-classes.ts";
import { STANDARD_TRAIT_IDS } from "../../lib/model/standard-traits.ts";
import type { Uuid } from "../../lib/model/uuid.ts";

export const SHARES = STANDARD_TRAIT_IDS.get("MISC_SHARES_VIA_AGGREGATE") as number;

export type World = readonly Provider[];

/** A provider for one class of the unsuffixed group, or for all of a suffixed one. */
interface Slot {
  readonly group: RequestGroup;
  readonly amounts: ReadonlyMap<ClassId, number>;
}

interface Choice extends Slot {
  readonly provider: Provider;
}

/** All candidates, each once, whatever the limit. */
export function bruteForce(world: World, query: CandidateQuery): Candidate[] {
  const slots = query.groups.flatMap(slotsOf);
  const found = new Map<string, Candidate>();
  for (const root of world.filter(({ profile }) => profile.parent === undefined)) {
    const available = world.filter((provider) => isAvailable(world, provider, root));
    const possible = slots.map((slot) =>
      available.filter((provider) => {
        return fitsAlone({ ...slot, provider }) && isAsked(world, { ...slot, provider }, root);
      }),
    );
    for (const providers of product(possible)) {
      const choices = slots.map((slot, n) => ({ ...slot, provider: providers[n] as Provider }));
      if (!isValid(world, query, root, choices)) continue;
      const candidate = candidateOf(query, choices);
      found.set(candidateText(candidate), candidate);
    }
  }
  return [...found.values()];
}

function slotsOf(group: RequestGroup): Slot[] {
  if (group.suffix !== UNSUFFIXED) return [{ group, amounts: group.resources }];
  return [...group.resources].map((amount) => ({ group, amounts: new Map([amount]) }));
}

/** In the tree, or sharing with any provider of the tree. */
function isAvailable(world: World, provider: Provider, root: Provider): boolean {
  if (inTree(provider, root)) return true;
  if (!provider.profile.traits.includes(SHARES)) return false;
  const shared = (member: Provider) =>
    member.profile.aggregates.some((uuid) => provider.profile.aggregates.includes(uuid));
  return world.some((member) => inTree(member, root) && shared(member));
}

const inTree = (provider: Provider, root: Provider) => provider.profile.root === root.state.uuid;

function* product<T>(lists: readonly (readonly T[])[]): Generator<T[]> {
  const [first, ...rest] = lists;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const one of first) for (const others of product(rest)) yield [one, ...others];
}

function isValid(
  world: World,
  query: CandidateQuery,
  root: Provider,
  choices: readonly Choice[],
): boolean {
  return (
    query.groups.every((group) => hasTraits(choices.filter((choice) => choice.group === group))) &&
    passesRoot(query, root) &&
    fitsTogether(choices) &&
    (query.groupPolicy !== "isolate" || isIsolated(choices)) &&
    query.sameSubtrees.every((suffixes) => isSubtree(world, suffixes, choices)) &&
    (query.nested || hasOnePerTree(choices))
  );
}

function fitsAlone({ provider, amounts }: Choice): boolean {
  return [...amounts].every(([id, amount]) => {
    const inventory = provider.state.inventories.get(id);
    return claimFault(inventory, { amount, before: 0 }, amount) === undefined;
  });
}

/** Its aggregates and its tree; a group without resources has to ask for something. */
function isAsked(world: World, { group, provider }: Choice, root: Provider): boolean {
  const { anyOf, forbidden } = group.aggregates;
  const inAll = ({ profile }: Provider) =>
    anyOf.every((some) => some.some((uuid) => profile.aggregates.includes(uuid)));
  const inNone = ({ profile }: Provider) =>
    !forbidden.some((uuid) => profile.aggregates.includes(uuid));
  const wanted = world.find(({ state }) => state.uuid === group.inTree);
  const isMember = inTree(provider, root);
  if (group.suffix === UNSUFFIXED) {
    if (!inAll(provider) && !(isMember && inAll(root))) return false;
    if (!inNone(provider) || !inNone(root)) return false;
    if (group.inTree === undefined) return true;
    return isMember && wanted?.profile.root === root.state.uuid;
  }
  if (!inAll(provider) || !inNone(provider)) return false;
  if (group.resources.size === 0) return anyOf.length > 0 || group.traits.anyOf.length > 0;
  return group.inTree === undefined || wanted?.profile.root === provider.profile.root;
}

/** The providers of a group have the required traits together, and none has a forbidden one. */
function hasTraits(choices: readonly Choice[]): boolean {
  const [first] = choices;
  if (first === undefined) return true;
  const traits = new Set(choices.flatMap(({ provider }) => provider.profile.traits));
  return passesTraits(traits, first.group.traits);
}

function passesRoot({ rootRequired }: CandidateQuery, { profile }: Provider): boolean {
  return (
    rootRequired.required.every((trait) => profile.traits.includes(trait)) &&
    !rootRequired.forbidden.some((trait) => profile.traits.includes(trait))
  );
}

/** What all groups together take of an inventory: within its capacity and its max_unit. */
function fitsTogether(choices: readonly Choice[]): boolean {
  for (const { provider } of choices) {
    for (const [id, amount] of sumOf(choices, provider)) {
      const inventory = provider.state.inventories.get(id);
      if (inventory === undefined || amount > inventory.free || amount > inventory.maxUnit) {
        return false;
      }
    }
  }
  return true;
}

function sumOf(choices: readonly Choice[], provider: Provider): Map<ClassId, number> {
  const sums = new Map<ClassId, number>();
  for (const choice of choices) {
    if (choice.provider !== provider) continue;
    for (const [id, amount] of choice.amounts) sums.set(id, (sums.get(id) ?? 0) + amount);
  }
  return sums;
}

function isIsolated(choices: readonly Choice[]): boolean {
  const suffixed = choices.filter(({ group }) => group.suffix !== UNSUFFIXED);
  return new Set(suffixed.map(({ provider }) => provider)).size === suffixed.length;
}

/** One of the groups' providers is above all others of them, or is them. */
function isSubtree(world: World, suffixes: readonly string[], choices: readonly Choice[]): boolean {
  const named = choices
    .filter(({ group }) => suffixes.includes(group.suffix))
    .map(({ provider }) => provider);
  return named.some((top) => named.every((each) => isAbove(world, top, each)));
}

function isAbove(world: World, top: Provider, below: Provider): boolean {
  if (top === below) return true;
  const parent = world.find(({ state }) => state.uuid === below.profile.parent);
  return parent !== undefined && isAbove(world, top, parent);
}

function hasOnePerTree(choices: readonly Choice[]): boolean {
  const used = new Set(choices.filter(({ amounts }) => amounts.size > 0).map((c) => c.provider));
  return new Set([...used].map(({ profile }) => profile.root)).size === used.size;
}

function candidateOf({ groups }: CandidateQuery, choices: readonly Choice[]): Candidate {
  const allocations = new Map<Uuid, ReadonlyMap<ClassId, number>>();
  for (const { provider } of choices) {
    const sums = sumOf(choices, provider);
    if (sums.size > 0) allocations.set(provider.state.uuid, sums);
  }
  const mappings = new Map(
    groups.map((group) => {
      const own = choices.filter((choice) => choice.group === group);
      return [group.suffix, [...new Set(own.map(({ provider }) => provider.state.uuid))]];
    }),
  );
  return { allocations, mappings };
}

/** Equal for equal candidates, whatever the order of their parts. */
export function candidateText({ allocations, mappings }: Candidate): string {
  const sorted = (texts: Iterable<string>) => [...texts].sort().join(" ");
  const claims = [...allocations].map(
    ([uuid, amounts]) => `${uuid}(${sorted([...amounts].map(([id, n]) => `${id}:${n}`))})`,
  );
  const maps = [...mappings].map(([suffix, uuids]) => `'${suffix}'=[${sorted(uuids)}]`);
  return `${sorted(claims)} | ${sorted(maps)}`;
}
