/**
 * The service as its documents describe it, without a database: its state,
 * and what a write makes of it. Written apart from the product's code, so that
 * both can be compared. A world never changes: a write makes another one.
 */

export interface Inventory {
  readonly total: number;
  readonly reserved: number;
  readonly min_unit: number;
  readonly max_unit: number;
  readonly step_size: number;
  readonly allocation_ratio: number;
}

export interface Provider {
  readonly name: string;
  readonly parent: string | null;
  readonly generation: number;
  readonly inventories: Readonly<Record<string, Inventory>>;
  readonly traits: readonly string[];
  readonly aggregates: readonly string[];
}

/** Amounts by class. */
export type Amounts = Readonly<Record<string, number>>;
/** By provider. */
export type Held = Readonly<Record<string, Amounts>>;

export interface Consumer {
  readonly generation: number;
  readonly project: string;
  readonly user: string;
  readonly type: string | null;
  readonly allocations: Held;
}

export interface Lease {
  readonly version: number;
  /** Undefined: there is none now. */
  readonly term: Term | undefined;
}

export interface Term {
  readonly seconds: number;
  /** Set by the history: see `leases.ts`. */
  readonly ends?: Ends;
}

/** Between which times a lease ends, by a perfect clock: it was planned between question and commit. */
export interface Ends {
  readonly earliest: number;
  readonly latest: number;
}

export interface World {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly consumers: ReadonlyMap<string, Consumer>;
  /** By consumer; one that was confirmed has a version and no end. */
  readonly leases: ReadonlyMap<string, Lease>;
  /** Custom ones. */
  readonly classes: ReadonlySet<string>;
  readonly traits: ReadonlySet<string>;
}

export const EMPTY: World = {
  providers: new Map(),
  consumers: new Map(),
  leases: new Map(),
  classes: new Set(),
  traits: new Set(),
};

/** What the service does with a write: it makes another world, or refuses for one of these causes. */
export type Verdict =
  | { readonly status: number; readonly world: World; readonly generation?: number }
  | { readonly causes: readonly Cause[] };

/** A status and what the refusal is about: see `causes.ts`. */
export type Cause = `${number} ${string}`;

export const refused = (...causes: readonly Cause[]): Verdict => ({ causes });

export function withProvider(world: World, uuid: string, provider: Provider | undefined): World {
  return { ...world, providers: changed(world.providers, uuid, provider) };
}

export function withConsumer(world: World, uuid: string, consumer: Consumer | undefined): World {
  return { ...world, consumers: changed(world.consumers, uuid, consumer) };
}

/** The consumer's lease, which begins or is renewed for so many seconds; undefined: it is confirmed. */
export function withLease(world: World, uuid: string, seconds: number | undefined): World {
  const version = (world.leases.get(uuid)?.version ?? 0) + 1;
  const term = seconds === undefined ? undefined : { seconds };
  return { ...world, leases: changed(world.leases, uuid, { version, term }) };
}

function changed<V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined) {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}

export function used(world: World, provider: string, name: string): number {
  let sum = 0;
  for (const { allocations } of world.consumers.values()) sum += allocations[provider]?.[name] ?? 0;
  return sum;
}

export function holders(world: World, provider: string): [string, Consumer][] {
  return [...world.consumers].filter(([, { allocations }]) => allocations[provider] !== undefined);
}

export function isIdle({ allocations }: Consumer): boolean {
  return Object.keys(allocations).length === 0;
}

/** The capacity that can be claimed. */
export function capacity({ total, reserved, allocation_ratio }: Inventory): number {
  return Math.floor((total - reserved) * allocation_ratio);
}

export function isClass(world: World, name: string): boolean {
  return !name.startsWith("CUSTOM_") || world.classes.has(name);
}

export function isTrait(world: World, name: string): boolean {
  return !name.startsWith("CUSTOM_") || world.traits.has(name);
}
