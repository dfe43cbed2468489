/**
 * What a function keeps of a project's consumers, and how it is brought up to date: the shard
 * logs name the providers that have changed, and what the consumers on these hold is read. See
 * docs/architecture.md, "Usages of large projects", for the proof.
 */
import type { UsageSums } from "../../../model/usage-sums.ts";
import type { Uuid } from "../../../model/uuid.ts";
import type { Reader } from "../../table/reader.ts";
import { Busy } from "../../table/refusals.ts";
import { JoinedRefreshes } from "../joined.ts";
import { type LogVersions, readChangedProviders } from "./changed-providers.ts";
import { type KeptConsumer, KeptConsumers } from "./kept-consumers.ts";
import { isWithin } from "./learning.ts";
import type { UsageLimits } from "./limits.ts";
import { type Reading, readKeptConsumers } from "./read-changed.ts";
import { readWholeProject } from "./read-whole.ts";
import { type Refreshing, type Way, WayFinder } from "./way.ts";

/** Milliseconds for which a project that is read in full again and again is spared. */
const CALM = 1_000;

/** What one refresh has read after the shard logs. */
interface Found {
  readonly way: Way["kind"];
  /** All consumers of the project. */
  readonly whole?: KeptConsumers;
  /** Consumers that were read by key after that; undefined: not in the project, or it holds nothing. */
  readonly changes?: ReadonlyMap<Uuid, KeptConsumer | undefined>;
}

export class KeptProject {
  readonly #project: string;
  readonly #maxAge: number;
  readonly #limits: UsageLimits;
  readonly #refreshes = new JoinedRefreshes<void>();
  #consumers = new KeptConsumers();
  /** The shard logs as they were read before everything that is kept; undefined: nothing is. */
  #versions: LogVersions | undefined;
  #commits: number | undefined;
  /** Milliseconds since 1970: when the last full read began. */
  #wholeAt = 0;
  /** Refreshes in a row that read it in full. */
  #wholes = 0;
  readonly #ways: WayFinder;
  /** Consumers that are read again, whatever the logs name. */
  #pending: ReadonlySet<Uuid> = new Set();

  constructor(project: string, maxAge: number, limits: UsageLimits) {
    this.#project = project;
    this.#maxAge = maxAge;
    this.#limits = limits;
    this.#ways = new WayFinder(maxAge, limits);
  }

  get isRead(): boolean {
    return this.#versions !== undefined;
  }

  /**
   * Whether the last two refreshes read it in full, just now. Later two more are tried: in the time
   * until the first of them too much may have changed to be followed, and not until the second.
   * @param now milliseconds since 1970
   */
  isStrained(now: number): boolean {
    return this.#wholes > 0 && this.#wholes % 2 === 0 && now - this.#wholeAt < CALM;
  }

  get size(): number {
    return this.#consumers.size;
  }

  get sums(): UsageSums {
    return this.#consumers.sums;
  }

  /** The number of committed large changes after everything was read, if it is known. */
  get commits(): number | undefined {
    return this.#commits;
  }

  /**
   * Itself, with all changes that were acknowledged before the call. Half of a large change may
   * be in it that was committed since `commits`.
   * @throws Busy
   */
  async fresh(reader: Reader): Promise<this> {
    await this.#refreshes.join(reader, (isLast) => this.#refresh(reader, isLast));
    return this;
  }

  async #refresh(reader: Reader, isLast: () => boolean): Promise<void> {
    const began = reader.clock.now();
    const { versions, providers, commits } = await readChangedProviders(reader, this.#versions);
    const isOld = !isWithin(this.#maxAge, began, this.#wholeAt);
    const reading: Reading = { reader, pending: new Set() };
    const isSame = providers?.size === 0 && this.#pending.size === 0 && !isOld;
    const known = { kept: this.#consumers, pending: this.#pending };
    const found = isSame
      ? undefined
      : await this.#read({ ...known, reading, began, providers, isOld });
    // Another one that began after the time of this one was over has read newer items.
    if (!isLast()) throw new Busy();
    this.#versions = versions;
    // If nothing was read after the commit index, its count holds for all.
    this.#commits = isSame ? commits : undefined;
    this.#wholes = found?.whole === undefined ? 0 : this.#wholes + 1;
    if (found === undefined) return;
    this.#pending = reading.pending;
    this.#take(found, began);
  }

  async #read(refreshing: Refreshing): Promise<Found> {
    const { reading, kept } = refreshing;
    const way = await this.#ways.find(refreshing);
    const byKey = (consumers: Iterable<Uuid>) =>
      readKeptConsumers(reading, this.#project, [...consumers]);
    if (way.kind === "follow") return { way: "follow", changes: await byKey(way.consumers) };
    const whole = await readWholeProject(reading, this.#project, this.#limits.most);
    if (way.kind === "anew" || !whole.isWhole) return { way: "anew", whole };
    if (way.kind === "learn") return { way: "learn", whole, changes: await byKey(whole.keys()) };
    const others = kept.differing(whole);
    if (others.length > this.#ways.roomOf(kept)) return { way: "anew", whole };
    return { way: "check", whole, changes: await byKey([...way.consumers, ...others]) };
  }

  #take({ way, whole, changes }: Found, now: number): void {
    if (whole !== undefined) this.#wholeAt = now;
    if (whole !== undefined && way === "check") this.#consumers.correct(whole);
    else if (whole !== undefined) this.#consumers = whole;
    for (const [consumer, kept] of changes ?? []) this.#consumers.set(consumer, kept);
    this.#ways.went(way, now);
  }
}
