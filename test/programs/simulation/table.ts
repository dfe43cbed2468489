/**
 * The table as simulated functions reach it: each call travels there, is carried
 * out by the real engine, and its answer travels back, each at its own time.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BatchGetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { ATTEMPTS, attemptSlots } from "../../../lib/store/items/attempt.ts";
import { RECORD_PREFIX } from "../../../lib/store/items/change-record.ts";
import { COMMIT_INDEX_KEY } from "../../../lib/store/items/commit-index.ts";
import { type Connection, connect } from "../../../lib/store/table/connection.ts";
import { type Item, type Key, keyText } from "../../../lib/store/table/item.ts";
import { withAttempts } from "../../../lib/store/table/without-tokens.ts";
import type { Chance } from "../../support/chance.ts";
import {
  actionsOf,
  type Command,
  callOf,
  type Input,
  inOrder,
  inOrderOf,
  nameOf,
  writtenBy,
} from "./calls.ts";
import type { Scheduler } from "./scheduler.ts";
import { batchInParts, queryInParts } from "./torn-reads.ts";
import { Underway } from "./underway.ts";
import { conflictFate, FAIR, fateOf, outageFate, type Weather } from "./weather.ts";
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
  /** Calls so far. */
  calls = 0;
  readonly #scheduler: Scheduler;
  readonly #random: Chance;
  readonly #wire: Wire;
  readonly #real: Connection;
  readonly #tokens = new Set<string>();
  readonly #underway = new Underway();
  /** Commits that not every reader sees yet, with the time from which all do. */
  readonly #emerging = new Map<number, number>();

  constructor(
    scheduler: Scheduler,
    random: Chance,
    given: {
      tableName: string;
      config: DynamoDBClientConfig;
      weather: Weather;
      /** Whether writes are recognised by attempts; otherwise by tokens. */
      attempts: boolean;
    },
  ) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.weather = given.weather;
    this.#wire = new Wire({ ...given.config, requestHandler: { requestTimeout: 60_000 } });
    const connected = connect(given.tableName, {
      ...given.config,
      requestHandler: this.#wire.handler,
    });
    this.#real = given.attempts ? withAttempts(connected, attemptSlots("of no server")) : connected;
  }

  /** Whether writes are recognised by attempts. */
  get attempts(): boolean {
    return this.#real.attempts !== undefined;
  }

  connectionOf(caller: Caller): Connection {
    const send = (command: Command) => this.#call(caller, command);
    const client = { send } as unknown as DynamoDBDocumentClient;
    const { tableName, attempts } = this.#real;
    if (attempts === undefined) return { tableName, client };
    return { tableName, client, attempts: attemptSlots(this.#random.uuid()) };
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
    if (torn && name === "Query" && command.input["Limit"] === undefined) {
      return queryInParts(parts, command);
    }
    return this.#carryOut(command, fate, cause);
  }

  async #carryOut(command: Command, fate: Fate, cause: unknown): Promise<unknown> {
    const written = writtenBy(command.input);
    if (fate.carriedOut && this.#underway.touches(written, this.#scheduler.now)) {
      return this.#send(command, conflictFate(this.#random, callOf(command)));
    }
    if (nameOf(command) === "TransactWrite" && fate.carriedOut) {
      return this.#transact(command, { fate, cause, written });
    }
    const answer = await this.#send(command, fate);
    return this.#underway.shown(nameOf(command), command.input, answer, this.#scheduler.now);
  }

  /** A transaction is answered when all of its items are to be seen. */
  async #transact(
    command: Command,
    { fate, cause, written }: { fate: Fate; cause: unknown; written: readonly Key[] },
  ): Promise<unknown> {
    const takes = this.#random.fraction() < this.weather.torn ? 1 + this.#random.below(25) : 0;
    const before = takes > 0 ? await this.#read(written) : [];
    const { now } = this.#scheduler;
    try {
      return await this.#send(command, fate);
    } finally {
      const done = this.#wire.succeeded && this.#isFirst(command.input);
      if (done) {
        for (const [index, key] of written.entries()) {
          if (takes > 0) this.#underway.hide(key, before[index], now + this.#random.below(takes));
        }
        this.#note(command.input, cause, now + takes);
        if (takes > 0) await this.#scheduler.sleep(takes);
      }
    }
  }

  async #read(keys: readonly Key[]): Promise<(Item | undefined)[]> {
    const table = this.#real.tableName;
    const wanted = keys.map(({ pk, sk }) => ({ pk, sk }));
    const input = { RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } };
    const answer = (await this.#send(new BatchGetCommand(input), FAIR)) as {
      Responses?: Record<string, Item[]>;
    };
    const found = new Map((answer.Responses?.[table] ?? []).map((item) => [keyText(item), item]));
    return keys.map((key) => found.get(keyText(key)));
  }

  async #send(command: Command, fate: Fate): Promise<unknown> {
    this.#wire.fate = fate;
    const own = this.#tokened(command);
    try {
      const sent = this.#scheduler.outside(() => this.#real.client.send(own as never));
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
    const input = { ...command.input, ClientRequestToken: hash.slice(0, 36) };
    return new TransactWriteCommand(
      input as unknown as ConstructorParameters<typeof TransactWriteCommand>[0],
    ) as unknown as Command;
  }

  /** A token that was there before only answers again. */
  #isFirst(input: Input): boolean {
    const token = input["ClientRequestToken"];
    // By its attempt, it would not succeed again.
    if (typeof token !== "string") return true;
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
    if (protocol && !large) return;
    if (keys.every(({ pk }) => pk.startsWith("META#"))) return;
    this.#commits += 1;
    this.#emerging.set(this.#commits, until);
    this.onCommit({ index: this.#commits, cause, keys, large });
  }
}
