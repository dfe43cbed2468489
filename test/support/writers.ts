/**
 * Clients that claim, change and release on shared providers as fast as they can, each over one
 * connection that it keeps open. What they were told is remembered, so that a table can be
 * compared with it, whatever has happened to its server.
 */
import { Agent, request as send } from "node:http";
import { buffer } from "node:stream/consumers";
import { expect } from "vitest";
import type { Chance } from "./chance.ts";
import { HttpClient } from "./http-client.ts";
import { makeProvider, type Requester } from "./world.ts";

/** Lets a writer say for a consumer what it holds, without a generation. */
const VERSION = "placement 1.27";
const HEADERS = { "x-auth-token": "admin", "openstack-api-version": VERSION };
const CAPACITY = 1_000_000;

/** A request without a whole answer. */
export interface Unanswered {
  /** Of the system's error, such as `ECONNREFUSED`. */
  readonly code: string;
  /** Whether an earlier request was answered on its connection. */
  readonly reused: boolean;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly closes: boolean;
}

/** The same requests as those of `startApi`, at any address. */
export async function withRequester<T>(
  url: string,
  work: (requester: Requester) => Promise<T>,
): Promise<T> {
  const http = new HttpClient(url);
  try {
    return await work({
      request: (method, path, { body, version = "1.39" } = {}) => {
        const headers = {
          "x-auth-token": "admin",
          "openstack-api-version": `placement ${version}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        };
        const text = body === undefined ? {} : { body: JSON.stringify(body) };
        return http.send({ method, path, headers, ...text });
      },
    });
  } finally {
    http.close();
  }
}

export class Writers {
  /** Writes that were answered with success. */
  acknowledged = 0;
  /** Writes that were refused as busy, with nothing written. */
  refused = 0;
  /** Answers that announced the end of their connection. */
  closing = 0;
  unanswered: Unanswered[] = [];
  readonly #random: Chance;
  readonly #providers: readonly string[];
  /** VCPUs that each consumer may hold; one number, if its last write was answered. */
  readonly #held = new Map<string, { readonly provider: string; amounts: readonly number[] }>();

  /** By consumer: all that it may have held since the mark. */
  #since: Map<string, number[]> | undefined;

  private constructor(random: Chance, providers: readonly string[]) {
    this.#random = random;
    this.#providers = providers;
  }

  /** @param count of providers */
  static async on(url: string, random: Chance, count: number): Promise<Writers> {
    const providers = await withRequester(url, async (requester) => {
      const made: string[] = [];
      for (let n = 0; n < count; n += 1) {
        made.push(await makeProvider(requester, { VCPU: CAPACITY }, { uuid: random.uuid() }));
      }
      return made;
    });
    return new Writers(random, providers);
  }

  /** All that any write named. */
  get consumers(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** `clients` write until `done`, or until one of their requests gets no answer. */
  async write(url: string, clients: number, done: () => boolean = () => false): Promise<void> {
    await Promise.all(
      Array.from({ length: clients }, async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const own: string[] = [];
        while (!done() && (await this.#step(url, agent, own)));
        agent.destroy();
      }),
    );
  }

  /**
   * What the table at `url` holds and no answer explains, in words.
   * @param of the present, or any one moment since the mark
   */
  async contradictions(url: string, of: "now" | "since" = "now"): Promise<string[]> {
    const expected = new Map(
      [...this.#held].map(([consumer, { amounts }]) => {
        return [consumer, of === "now" ? amounts : (this.#since?.get(consumer) ?? amounts)];
      }),
    );
    const found = new Map<string, number>();
    await withRequester(url, async ({ request }) => {
      for (const provider of this.#providers) {
        const { status, body } = await request(
          "GET",
          `/resource_providers/${provider}/allocations`,
        );
        expect(status).toBe(200);
        for (const [consumer, { resources }] of Object.entries<{ resources: { VCPU: number } }>(
          body.allocations,
        )) {
          found.set(consumer, resources.VCPU);
        }
      }
    });
    const wrong = [...expected].filter(([id, amounts]) => !amounts.includes(found.get(id) ?? 0));
    const unknown = [...found.keys()].filter((consumer) => !this.#held.has(consumer));
    return [
      ...wrong.map(([id, amounts]) => `${id} holds ${found.get(id)}, not ${amounts}`),
      ...unknown.map((consumer) => `nobody has asked for ${consumer}`),
    ];
  }

  /** From now on, what consumers hold at any moment is remembered, for a copy of the table. */
  mark(): void {
    this.#since = new Map([...this.#held].map(([id, { amounts }]) => [id, [...amounts]]));
  }

  /** @returns false: the client ends */
  async #step(url: string, agent: Agent, own: string[]): Promise<boolean> {
    const isNew = own.length === 0 || this.#random.below(10) < 6;
    const consumer = isNew ? this.#random.uuid() : this.#random.pick(own);
    const held = this.#held.get(consumer) ?? {
      provider: this.#random.pick(this.#providers),
      amounts: [0],
    };
    const [before = 0] = held.amounts;
    const after = before > 0 && this.#random.below(2) === 0 ? 0 : 1 + this.#random.below(9);
    // From before it is sent: it may be applied, and be seen, without an answer.
    held.amounts = [before, after];
    this.#held.set(consumer, held);
    this.#since?.set(consumer, [...(this.#since.get(consumer) ?? [0]), after]);
    const answer = await this.#send(url, agent, consumer, held.provider, after);
    if (answer === undefined) return false;
    if (answer.closes) this.closing += 1;
    if (answer.status === 204) {
      this.acknowledged += 1;
      held.amounts = [after];
      if (isNew) own.push(consumer);
    } else {
      expect(answer).toMatchObject({ status: 503, retryAfter: "1" });
      this.refused += 1;
      held.amounts = [before];
    }
    return true;
  }

  #send(
    url: string,
    agent: Agent,
    consumer: string,
    provider: string,
    amount: number,
  ): Promise<Answer | undefined> {
    const allocations = { [provider]: { resources: { VCPU: amount } } };
    const body = JSON.stringify({ allocations, project_id: "project", user_id: "user" });
    const { hostname, port } = new URL(url);
    const put = amount > 0;
    const headers = {
      ...HEADERS,
      ...(put ? { "content-type": "application/json", "content-length": body.length } : {}),
    };
    const path = `/allocations/${consumer}`;
    const target = { agent, hostname, port, path, method: put ? "PUT" : "DELETE", headers };
    return new Promise((resolve) => {
      const request = send(target, async (response) => {
        try {
          await buffer(response);
          resolve({
            status: response.statusCode ?? 0,
            retryAfter: response.headers["retry-after"],
            closes: response.headers.connection === "close",
          });
        } catch (error) {
          fail(error as NodeJS.ErrnoException);
        }
      });
      const fail = ({ code = "unknown" }: NodeJS.ErrnoException) => {
        this.unanswered.push({ code, reused: request.reusedSocket });
        resolve(undefined);
      };
      request.once("error", fail);
      request.end(put ? body : undefined);
    });
  }
}
