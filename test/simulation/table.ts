/**
 * The table as simulated functions reach it: each call travels there, is carried
 * out by the real engine, and its answer travels back, each at its own time.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BatchGetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type Connection, connect } from "../../lib/store/connection.ts";
import type { Item, Key } from "../../lib/store/item.ts";
import { GATE_KEY } from "../../lib/store/two-phase/gate.ts";
import { RECORD_PREFIX } from "../../lib/store/two-phase/records.ts";
import type { Chance } from "../support/chance.ts";
import type { Scheduler } from "./scheduler.ts";
import { FAIR, fateOf, outageFate, type Weather } from "./weather.ts";
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
  /** Before this time nothing of it moves. */
  readonly pausedUntil: number;
  /** Called for each call: it may die or stand still now. */
  suffer(): void;
}

type Input = Readonly<Record<string, unknown>>;
interface Command {
  readonly input: Input;
  readonly constructor: { readonly name: string };
}

/** A request of DynamoDB's client that takes longer is given up. */
const REQUEST_TIMEOUT = 6_000;
const OUTAGE = 4_000;

export class SimulatedTable {
  /** Told of each commit, right after it. */
  onCommit: (commit: Commit) => void = () => {};
  #commits = 0;
  /** Set by whoever sends a request, read here. */
  readonly cause = new AsyncLocalStorage<unknown>();
  weather: Weather;
  /** Calls so far. */
  calls = 0;
  readonly #scheduler: Scheduler;
  readonly #random: Chance;
  readonly #wire: Wire;
  readonly #real: Connection;
  readonly #tokens = new Set<string>();

  constructor(
    scheduler: Scheduler,
    random: Chance,
    given: { tableName: string; config: DynamoDBClientConfig; weather: Weather },
  ) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.weather = given.weather;
    this.#wire = new Wire({ ...given.config, requestHandler: { requestTimeout: 60_000 } });
    this.#real = connect(given.tableName, {
      ...given.config,
      requestHandler: this.#wire.handler,
    });
  }

  connectionOf(caller: Caller): Connection {
    const send = (command: Command) => this.#call(caller, command);
    const client = { send } as unknown as DynamoDBDocumentClient;
    return { tableName: this.#real.tableName, client };
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
    const actions = (command.input["TransactItems"] as unknown[] | undefined)?.length ?? 1;
    return fateOf(this.#random, this.weather, { command: nameOf(command), actions });
  }

  /** Reads of many items are no snapshot: others write between one part and the next. */
  async #inParts(command: Command, fate: Fate, cause: unknown): Promise<unknown> {
    const torn = fate === FAIR && this.#random.fraction() < this.weather.torn;
    const name = nameOf(command);
    if (torn && name === "BatchGet") return this.#batchInParts(command, cause);
    if (torn && name === "Query" && command.input["Limit"] === undefined) {
      return this.#queryInParts(command, cause);
    }
    return this.#carryOut(command, fate, cause);
  }

  async #batchInParts(command: Command, cause: unknown): Promise<unknown> {
    const table = this.#real.tableName;
    const request = command.input["RequestItems"] as Record<string, { Keys: Key[] }>;
    const keys = request[table]?.Keys ?? [];
    const cut = this.#random.below(keys.length + 1);
    const parts = [keys.slice(0, cut), keys.slice(cut)].filter((part) => part.length > 0);
    const items: Item[] = [];
    for (const [index, part] of parts.entries()) {
      if (index > 0) {
        if (this.#random.below(4) === 0) {
          const unprocessed = { [table]: { Keys: part, ConsistentRead: true } };
          return { Responses: { [table]: items }, UnprocessedKeys: unprocessed };
        }
        await this.#scheduler.sleep(this.#delay());
      }
      const input = { RequestItems: { [table]: { Keys: part, ConsistentRead: true } } };
      const answer = (await this.#carryOut(new BatchGetCommand(input), FAIR, cause)) as {
        Responses?: Record<string, Item[]>;
      };
      items.push(...(answer.Responses?.[table] ?? []));
    }
    return { Responses: { [table]: items } };
  }

  async #queryInParts(command: Command, cause: unknown): Promise<unknown> {
    const items: Item[] = [];
    let start = command.input["ExclusiveStartKey"];
    for (let part = 0; ; part += 1) {
      if (part > 0) await this.#scheduler.sleep(this.#delay());
      // Parts grow, so that large partitions do not take forever.
      const limit = 1 + this.#random.below(3 + 8 * part);
      const input = { ...command.input, Limit: limit, ExclusiveStartKey: start };
      const answer = (await this.#carryOut(
        new QueryCommand(input as ConstructorParameters<typeof QueryCommand>[0]),
        FAIR,
        cause,
      )) as { Items?: Item[]; LastEvaluatedKey?: Key };
      items.push(...(answer.Items ?? []));
      start = answer.LastEvaluatedKey;
      if (start === undefined || this.#random.below(4) === 0) {
        return { Items: items, LastEvaluatedKey: start };
      }
    }
  }

  async #carryOut(command: Command, fate: Fate, cause: unknown): Promise<unknown> {
    this.#wire.fate = fate;
    try {
      const sent = this.#scheduler.outside(() => this.#real.client.send(command as never));
      return inOrder(await sent);
    } catch (error) {
      throw inOrderOf(error);
    } finally {
      if (this.#wire.succeeded && nameOf(command) === "TransactWrite") {
        this.#note(command.input, cause);
      }
    }
  }

  /** A token that was there before only answers again. */
  #note(input: Input, cause: unknown): void {
    const token = String(input["ClientRequestToken"]);
    if (this.#tokens.has(token)) return;
    this.#tokens.add(token);
    const actions = input["TransactItems"] as Record<string, { Key?: Key; Item?: Item }>[];
    const keys = actions.flatMap((action) =>
      Object.entries(action).flatMap(([kind, each]) => {
        const key = each.Key ?? each.Item;
        return kind === "ConditionCheck" || key === undefined ? [] : [{ pk: key.pk, sk: key.sk }];
      }),
    );
    const checked = actions.flatMap((action) => Object.values(action)).map((a) => a.Key ?? a.Item);
    const protocol = checked.some((key) => key?.pk.startsWith("CHANGE"));
    const passes = keys.some(({ pk, sk }) => pk === GATE_KEY.pk && sk === GATE_KEY.sk);
    // The gate is also written when a change ends, which deletes its record.
    const large = passes && actions.some((a) => a["Update"]?.Key?.sk.startsWith(RECORD_PREFIX));
    if (protocol && !large) return;
    if (keys.every(({ pk }) => pk.startsWith("META#"))) return;
    this.#commits += 1;
    this.onCommit({ index: this.#commits, cause, keys, large });
  }
}

function nameOf(command: Command): string {
  return command.constructor.name.replace(/Command$/, "");
}

/** The engine gives the entries of a map in no order; a replay needs one. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (value instanceof Set) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return Object.fromEntries(entries.map(([key, each]) => [key, inOrder(each)]));
}

function inOrderOf(error: unknown): unknown {
  if (error instanceof Error && "CancellationReasons" in error) {
    error.CancellationReasons = inOrder(error.CancellationReasons);
  }
  if (error instanceof Error && "Item" in error) error.Item = inOrder(error.Item);
  return error;
}
