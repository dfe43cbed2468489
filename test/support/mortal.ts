/** A server whose process dies at one exact write, and sends nothing more. */
import { setImmediate } from "node:timers/promises";
import { COMMIT_INDEX_KEY } from "../../lib/store/items/commit-index.ts";
import type { Connection } from "../../lib/store/table/connection.ts";
import { type Call, interpose } from "./interpose.ts";

const WRITES = new Set(["TransactWrite", "Put", "Update", "Delete"]);

export const isAnyWrite = ({ command }: Call): boolean => WRITES.has(command);

/** The transaction that commits a large change. */
export const isCommit = ({ command, keys, input }: Call): boolean =>
  command === "TransactWrite" &&
  keys.some(({ pk, sk }) => pk === COMMIT_INDEX_KEY.pk && sk === COMMIT_INDEX_KEY.sk) &&
  JSON.stringify(input).includes("if_not_exists");

export interface Death {
  /** The write at which it comes: its number, from 0, or the first that passes. */
  readonly at: number | ((write: Call) => boolean);
  /** Before the write is sent, or after it was done and its answer lost. */
  readonly when: "before" | "after";
}

/** Stands between a server and its table. */
export class Mortality {
  /** Writes that were sent, or would have been. */
  writes: Call[] = [];
  /** Whether a large change was committed by a write that was sent. */
  committed = false;
  #death: Death | undefined;
  #dead = false;
  #died: () => void = () => {};
  /** Ends the calls of a dead process, which wait for it. */
  #bury: () => void = () => {};
  #grave: Promise<never> = new Promise(() => {});
  readonly #sent = new Set<Promise<unknown>>();

  /** Starts a process; undefined: one that does not die. */
  live(death: Death | undefined): void {
    this.writes = [];
    this.committed = false;
    this.#death = death;
    this.#dead = false;
    this.#grave = new Promise((_, reject) => {
      this.#bury = () => reject(new Dead());
    });
    this.#grave.catch(() => undefined);
  }

  /** `request` is sent by the process that `death` ends; resolves when it is answered or dead. */
  async during<T>(death: Death | undefined, request: () => Promise<T>): Promise<T | "died"> {
    this.live(death);
    const died = new Promise<"died">((resolve) => {
      this.#died = () => resolve("died");
    });
    const answer = request();
    answer.catch(() => undefined);
    const first = await Promise.race([answer, died]);
    // What was sent before the death arrives.
    while (this.#sent.size > 0) await Promise.allSettled(this.#sent);
    await setImmediate();
    // A dead process holds no connections: its requests are ended, and send nothing any more.
    if (first === "died") {
      this.#bury();
      await answer.catch(() => undefined);
    }
    return first;
  }

  readonly over = (connection: Connection): Connection =>
    interpose(connection, (call) => this.#pass(call));

  async #pass(call: Call): Promise<unknown> {
    if (this.#dead) return this.#grave;
    if (!isAnyWrite(call)) return this.#send(call);
    const fatal = this.#isNow(call) ? this.#death : undefined;
    this.writes.push(call);
    if (fatal !== undefined) this.#dead = true;
    if (fatal?.when === "before") {
      this.#died();
      return this.#grave;
    }
    if (fatal === undefined) {
      const answer = await this.#send(call);
      if (isCommit(call)) this.committed = true;
      return this.#dead ? this.#grave : answer;
    }
    // Whatever the answer is, a refusal too: it is not heard any more.
    const done = await this.#send(call).then(
      () => true,
      () => false,
    );
    if (done && isCommit(call)) this.committed = true;
    this.#died();
    return this.#grave;
  }

  #isNow(call: Call): boolean {
    const at = this.#death?.at;
    return typeof at === "function" ? at(call) : at === this.writes.length;
  }

  async #send(call: Call): Promise<unknown> {
    const sent = call.send();
    this.#sent.add(sent);
    try {
      return await sent;
    } finally {
      this.#sent.delete(sent);
    }
  }
}

/** For good: nothing is tried again. */
class Dead extends Error {
  readonly $metadata = { httpStatusCode: 400 };
}
