/**
 * The table as simulated functions reach it: each call travels there, is carried
 * out by the real engine, and its answer travels back, each at its own time.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { systemClock } from "../../../lib/api/system-clock.ts";
import { ATTEMPTS, attemptSlots } from "../../../lib/store/items/attempt.ts";
import { RECORD_PREFIX } from "../../../lib/store/items/change-record.ts";
import { COMMIT_INDEX_KEY } from "../../../lib/store/items/commit-index.ts";
import type { Calls, Client, Connection } from "../../../lib/store/table/connection.ts";
import { type Item, type Key, keyText } from "../../../lib/store/table/item.ts";
import type { Access } from "../../../lib/store/table/wire/access.ts";
import { connect } from "../../../lib/store/table/wire/client.ts";
import type { Chance } from "../../support/chance.ts";
import {
  actionsOf,
  type Command,
  callOf,
  claimedBy,
  type Input,
  inOrder,
  inOrderOf,
  nameOf,
  tokenOf,
  writtenBy,
} from "./calls.ts";
import { LargeKeys } from "./large-keys.ts";
import { Ongoing } from "./ongoing.ts";
import type { Scheduler } from "./scheduler.ts";
import { batchInParts, queryInParts, scanInParts } from "./torn-reads.ts";
import { Underway } from "./underway.ts";
import {
  FAIR,
  fateOf,
  outageFate,
  refusedByAnother,
  STILL_UNDERWAY,
  type Weather,
} from "./weather.ts";
import { type Fate, Wire } from "./wire.ts";

/** A transaction that changed something, in the order in which the engine took them. */
export interface Commit {
  /** From 1. */
  readonly index: number;
  /** What the request that caused it is known by. */
  readonly cause: unknown;
  readonly keys: readonly Key[];
  /** Decides a large change. */
  readonly large: boolean;
}

/** Where a call comes from. */
export interface Caller {
  readonly alive: boolean;
  /** Until this time it is paused. */
  readonly pausedUntil: number;
  /** Called for each call, at which it may die or pause. */
  suffer(): void;
}

/** After this time DynamoDB's client gives up a request. */
const REQUEST_TIMEOUT = 6_000;
const OUTAGE = 4_000;

export class SimulatedTable {
  /** Called right after each commit. */
  onCommit: (commit: Commit) => void = () => {};
  #commits = 0;
  /** Set by the sender of a request, read here. */
  readonly cause = new AsyncLocalStorage<unknown>();
  weather: Weather;
  readonly attempts: boolean;
  /** Calls so far. */
  calls = 0;
  readonly #scheduler: Scheduler;
  readonly #random: Chance;
  readonly #wire: Wire;
  readonly #real: Connection;
  readonly #tokens = new Set<string>();
  readonly #underway = new Underway();
  readonly #ongoing = new Ongoing();
  readonly #largeKeys = new LargeKeys();
  /** Commits that not every reader sees yet, with the time from which all do. */
  readonly #emerging = new Map<number, number>();

  constructor(
    scheduler: Scheduler,
    random: Chance,
    given: {
      tableName: string;
      config: Access;
      weather: Weather;
      /** Whether writes are recognised by attempts; otherwise by tokens. */
      attempts: boolean;
    },
  ) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.weather = given.weather;
    this.attempts = given.attempts;
    const wire = new Wire(new URL(given.config.endpoint));
    this.#wire = wire;
    this.#real = connect(given.tableName, given.config, systemClock, () => wire);
  }

  connectionOf(caller: Caller): Connection {
    const send: Client["send"] = <O extends Command["operation"]>(
      operation: O,
      input: Calls[O]["input"],
    ) => this.#call(caller, { operation, input: { ...input } }) as Promise<Calls[O]["answer"]>;
    const client = { send, destroy: () => {} };
    const { tableName } = this.#real;
    if (!this.attempts) return { tableName, client };
    const attempts = attemptSlots(this.#random.uuid());
    return { tableName, client, attempts };
  }

  /** Commits that every reader sees, as do all before them. */
  get seen(): number {
    for (const [index, until] of this.#emerging) {
      if (until > this.#scheduler.now) return index - 1;
      this.#emerging.delete(index);
    }
    return this.#commits;
  }

  destroy(): void {
    this.#real.client.destroy();
  }

  #call(caller: Caller, command: Command): Promise<unknown> {
    this.calls += 1;
    caller.suffer();
    const cause = this.cause.getStore();
    const fate = this.#fate(command);
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        const wait = Math.max(0, caller.pausedUntil - this.#scheduler.now);
        this.#scheduler.after(this.#delay() + wait, () => {
          if (caller.alive) act();
        });
      };
      // What a dead caller has sent may be on its way all the same.
      const reaches = this.#random.below(2) === 0;
      const travel = this.#delay();
      if (travel > REQUEST_TIMEOUT / 2) {
        const error = Object.assign(new Error("injected"), { name: "TimeoutError" });
        this.#scheduler.after(travel, () => {
          this.#carryOut(command, FAIR, cause).catch(() => undefined);
        });
        this.#scheduler.after(Math.max(travel, REQUEST_TIMEOUT), () => settle(() => reject(error)));
        return;
      }
      this.#scheduler.after(travel, () => {
        if (!caller.alive && !reaches) return;
        this.#inParts(command, fate, cause).then(
          (answer) => settle(() => resolve(answer)),
          (error) => settle(() => reject(error)),
        );
      });
    });
  }

  #delay(): number {
    if (this.#random.fraction() < this.weather.slow) return 500 + this.#random.below(4_500);
    return 1 + this.#random.below(15);
  }

  #fate(command: Command): Fate {
    const { outageEvery } = this.weather;
    if (outageEvery > 0 && this.#scheduler.now % outageEvery < OUTAGE) {
      return outageFate(this.#random);
    }
    return fateOf(this.#random, this.weather, callOf(command));
  }

  /** Reads of many items are no snapshot: others write between one part and the next. */
  async #inParts(command: Command, fate: Fate, cause: unknown): Promise<unknown> {
    const torn = fate === FAIR && this.#random.fraction() < this.weather.torn;
    const name = nameOf(command);
    const parts = {
      tableName: this.#real.tableName,
      random: this.#random,
      pause: () => this.#scheduler.sleep(this.#delay()),
      send: (part: Command) => this.#carryOut(part, FAIR, cause),
    };
    if (torn && name === "BatchGet") return batchInParts(parts, command);
    if (torn && name === "Query") return queryInParts(parts, command);
    if (torn && name === "Scan") return scanInParts(parts, command);
    return this.#carryOut(command, fate, cause);
  }

  async #carryOut(command: Command, fate: Fate, cause: unknown): Promise<unknown> {
    const refusal = fate.carriedOut ? this.#refusal(command) : undefined;
    if (refusal !== undefined) return this.#send(command, refusal);
    if (nameOf(command) === "TransactWrite" && fate.carriedOut) {
      return this.#transact(command, { fate, cause, written: writtenBy(command.input) });
    }
    const answer = await this.#send(command, fate);
    return this.#underway.shown(nameOf(command), command.input, answer, this.#scheduler.now);
  }

  #refusal(command: Command): Fate | undefined {
    const claimed = claimedBy(command);
    const overlap = this.#ongoing.overlap(claimed, this.#scheduler.now, tokenOf(command.input));
    if (overlap === undefined) return undefined;
    if (overlap.kind === "itself") return STILL_UNDERWAY;
    return refusedByAnother(callOf(command), overlap.places);
  }

  /** A transaction is answered when all of its items are to be seen, or none is held any longer. */
  async #transact(
    command: Command,
    { fate, cause, written }: { fate: Fate; cause: unknown; written: readonly Key[] },
  ): Promise<unknown> {
    const takes = this.#random.fraction() < this.weather.torn ? 1 + this.#random.below(25) : 0;
    const before = takes > 0 ? await this.#read(written) : [];
    const { now } = this.#scheduler;
    const hold = { until: now + takes, token: tokenOf(command.input) };
    this.#ongoing.hold(claimedBy(command), hold);
    try {
      return await this.#send(command, fate);
    } finally {
      const done = this.#wire.succeeded && this.#isFirst(command.input);
      if (done) {
        for (const [index, key] of written.entries()) {
          if (takes > 0) this.#underway.hide(key, before[index], now + this.#random.below(takes));
        }
        this.#note(command.input, cause, now + takes);
      }
      if (takes > 0) await this.#scheduler.sleep(takes);
    }
  }

  async #read(keys: readonly Key[]): Promise<(Item | undefined)[]> {
    const table = this.#real.tableName;
    const wanted = keys.map(({ pk, sk }) => ({ pk, sk }));
    const input = { RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } };
    const answer = (await this.#send({ operation: "BatchGetItem", input }, FAIR)) as {
      Responses?: Record<string, Item[]>;
    };
    const found = new Map((answer.Responses?.[table] ?? []).map((item) => [keyText(item), item]));
    return keys.map((key) => found.get(keyText(key)));
  }

  async #send(command: Command, fate: Fate): Promise<unknown> {
    this.#wire.fate = fate;
    const { operation, input } = this.#tokened(command);
    try {
      const sent = this.#scheduler.outside(() => this.#real.client.send(operation, input as never));
      return inOrder(await sent);
    } catch (error) {
      throw inOrderOf(error);
    }
  }

  /** Two rounds of one seed have the same tokens, and an engine remembers them across tables. */
  #tokened(command: Command): Command {
    const token = command.input["ClientRequestToken"];
    if (token === undefined) return command;
    const hash = createHash("sha256").update(`${this.#real.tableName} ${token}`).digest("hex");
    return { ...command, input: { ...command.input, ClientRequestToken: hash.slice(0, 36) } };
  }

  /** A token that was there before only answers again. */
  #isFirst(input: Input): boolean {
    const token = tokenOf(input);
    // By its attempt, it would not succeed again.
    if (token === undefined) return true;
    if (this.#tokens.has(token)) return false;
    this.#tokens.add(token);
    return true;
  }

  /** @param until the time from which every reader sees it */
  #note(input: Input, cause: unknown, until: number): void {
    const actions = actionsOf(input);
    const keys = writtenBy(input).filter(({ pk }) => pk !== ATTEMPTS);
    const protocol = actions.some(([, key]) => key.pk.startsWith("CHANGE"));
    // The commit index is also written when a change ends, which deletes its record.
    const decides = actions.some(
      ([kind, { sk }]) => kind === "Update" && sk.startsWith(RECORD_PREFIX),
    );
    const large =
      decides &&
      keys.some(({ pk, sk }) => pk === COMMIT_INDEX_KEY.pk && sk === COMMIT_INDEX_KEY.sk);
    this.#largeKeys.note(input);
    if (protocol && !large) return;
    if (keys.every(({ pk }) => pk.startsWith("META#"))) return;
    this.#commits += 1;
    this.#emerging.set(this.#commits, until);
    if (large) keys.push(...this.#largeKeys.of(input));
    this.onCommit({ index: this.#commits, cause, keys, large });
  }
}
