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
import { isWithin, Learning } from "./learning.ts";
import type { UsageLimits } from "./limits.ts";
import { type Reading, readHoldersOn, readKeptConsumers } from "./read-changed.ts";
import { readWholeProject } from "./read-whole.ts";

/** Times the maximum age after which the consumers' providers have to be read again. */
const MAX_AGES = 10;

/** Read units of a query for the consumers of a provider, about. */
const UNITS_OF_PROVIDER = 3;

/** What one refresh has read after the shard logs. */
interface Found {
  /** All consumers of the project, in place of those that are kept. */
  readonly anew?: KeptConsumers;
  /** Consumers that were read by key; undefined: not in the project, or it holds nothing. */
  readonly changes?: ReadonlyMap<Uuid, KeptConsumer | undefined>;
  /** All consumers of the project, which those that are kept are compared with. */
  readonly check?: KeptConsumers;
}

/** A refresh that is under way. */
interface Refreshing {
  readonly reading: Reading;
  /** Milliseconds since 1970. */
  readonly began: number;
  /** Providers that changed; undefined: any. */
  readonly providers: ReadonlySet<Uuid> | undefined;
  /** Whether the last full read is too long ago. */
  readonly isOld: boolean;
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
  /** Whether the providers of all consumers are known. */
  readonly #learning: Learning;
  /** Consumers that are read again, whatever the logs name. */
  #pending: ReadonlySet<Uuid> = new Set();

  constructor(project: string, maxAge: number, limits: UsageLimits) {
    this.#project = project;
    this.#maxAge = maxAge;
    this.#limits = limits;
    this.#learning = new Learning({ least: limits.avoidable, worth: limits.perKey });
  }

  get isRead(): boolean {
    return this.#versions !== undefined;
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
    const found = isSame ? {} : await this.#read({ reading, began, providers, isOld });
    // Another one that began after the time of this one was over has read newer items.
    if (!isLast()) throw new Busy();
    this.#versions = versions;
    // If nothing was read after the commit index, its count holds for all.
    this.#commits = isSame ? commits : undefined;
    this.#take(found, reading.pending);
    this.#pending = reading.pending;
    if (found.anew ?? found.check) this.#wholeAt = began;
    if (found.anew !== undefined) this.#learning.forget();
    if (found.changes === undefined) return;
    if (found.anew === undefined) this.#learning.spared();
    else this.#learning.learned(began);
  }

  async #read(refreshing: Refreshing): Promise<Found> {
    const { reading, isOld } = refreshing;
    const named = await this.#named(refreshing);
    if (named !== undefined && this.#learning.isKnown) {
      const changes = await readKeptConsumers(reading, this.#project, [...named]);
      if (!isOld) return { changes };
      const check = await this.#readWhole(reading);
      return check.isWhole ? { changes, check } : { anew: check };
    }
    const anew = await this.#readWhole(reading);
    if (named === undefined || !anew.isWhole) return { anew };
    return { anew, changes: await readKeptConsumers(reading, this.#project, [...anew.keys()]) };
  }

  #readWhole(reading: Reading): Promise<KeptConsumers> {
    return readWholeProject(reading, this.#project, this.#limits.most);
  }

  /**
   * The consumers that may have changed, if it takes less to read these by key than the whole
   * project; undefined also while it does not pay to know the providers of all.
   */
  async #named({
    reading,
    began,
    providers,
    isOld,
  }: Refreshing): Promise<ReadonlySet<Uuid> | undefined> {
    this.#learning.forgetAfter(MAX_AGES * this.#maxAge, began);
    const room = Math.floor(this.size / this.#limits.perKey);
    const isFew = providers !== undefined && providers.size * UNITS_OF_PROVIDER <= room;
    if (!isFew || !this.#consumers.isWhole) return undefined;
    if (!this.#learning.isKnown) {
      if (isOld) return undefined;
      this.#learning.avoidable();
      if (!this.#learning.pays) return undefined;
    }
    this.#learning.postpone();
    const known = [...providers].flatMap((each) => [...this.#consumers.holdersOn(each)]);
    const named = new Set([...this.#pending, ...known]);
    if (named.size > room) return undefined;
    const holders = await readHoldersOn(reading, providers, room);
    for (const consumer of holders ?? []) named.add(consumer);
    return holders !== undefined && named.size <= room ? named : undefined;
  }

  #take({ anew, changes, check }: Found, pending: Set<Uuid>): void {
    if (anew !== undefined) this.#consumers = anew;
    for (const [consumer, kept] of changes ?? []) this.#consumers.set(consumer, kept);
    for (const consumer of check === undefined ? [] : this.#consumers.correct(check)) {
      pending.add(consumer);
    }
  }
}
