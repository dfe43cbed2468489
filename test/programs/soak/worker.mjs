/** The load of `soak.mjs`: each worker makes providers and consumers, uses them and deletes them all. */
import { Agent, request as send } from "node:http";
import { text } from "node:stream/consumers";

/**
 * @typedef {object} Call
 * @property {unknown} [body] sent as JSON
 * @property {number} expected status
 * @property {Record<string, string>} [headers]
 */

const MAX_ERRORS = 100;

export class SoakClient {
  answered = 0;
  /** Writes of allocations that were carried out, but for repeats under a key. */
  claims = 0;
  /** @type {string[]} */
  errors = [];
  #url;
  #agent = new Agent({ keepAlive: true });

  /** @param {string} url of the server */
  constructor(url) {
    this.#url = new URL(url);
  }

  /**
   * The body of an answer; one with another status than `expected` is an error of the run.
   * @param {string} method
   * @param {string} path
   * @param {Call} call
   */
  async call(method, path, { body, expected, headers = {} }) {
    const json = body === undefined ? undefined : JSON.stringify(body);
    try {
      const { status, received } = await this.#send(method, path, json, headers);
      this.answered += 1;
      if (status === expected) return received === "" ? undefined : JSON.parse(received);
      this.#fail(`${method} ${path}: ${status} instead of ${expected}: ${received}`);
    } catch (error) {
      this.#fail(`${method} ${path}: ${error instanceof Error ? error.stack : error}`);
    }
    return undefined;
  }

  /** @param {string} what */
  #fail(what) {
    if (this.errors.length < MAX_ERRORS) this.errors.push(what);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {string | undefined} json
   * @param {Record<string, string>} headers
   * @returns {Promise<{ status: number | undefined, received: string }>}
   */
  #send(method, path, json, headers) {
    const { hostname, port } = this.#url;
    const given = {
      "x-auth-token": "admin",
      "openstack-api-version": "placement 1.39",
      ...(json === undefined
        ? {}
        : { "content-type": "application/json", "content-length": Buffer.byteLength(json) }),
      ...headers,
    };
    const options = { agent: this.#agent, hostname, port, method, path, headers: given };
    return new Promise((resolve, reject) => {
      const request = send(options, (response) => {
        text(response).then(
          (received) => resolve({ status: response.statusCode, received }),
          reject,
        );
      });
      request.once("error", reject);
      request.end(json);
    });
  }

  closeConnections() {
    this.#agent.destroy();
    this.#agent = new Agent({ keepAlive: true });
  }

  /** How many providers and consumers are in the table. */
  async leftOver() {
    const providers = await this.call("GET", "/resource_providers", { expected: 200 });
    const consumers = await this.call("GET", "/consumers?project_id=soak", { expected: 200 });
    return (providers?.resource_providers.length ?? 1) + (consumers?.consumers.length ?? 1);
  }
}

const OWNER = { project_id: "soak", user_id: "soak", consumer_type: "INSTANCE" };
/** Claims of one round; every tenth has an Idempotency-Key, whose record stays for a day. */
const CLAIMS = 20;

export class Worker {
  #client;
  #fraction;

  /**
   * @param {SoakClient} client
   * @param {number} seed
   */
  constructor(client, seed) {
    this.#client = client;
    this.#fraction = mulberry32(seed);
  }

  /** @param {{ readonly now: boolean }} stop */
  async until(stop) {
    while (!stop.now && this.#client.errors.length === 0) await this.round();
  }

  #uuid() {
    const hex = Array.from({ length: 32 }, () => Math.floor(this.#fraction() * 16).toString(16));
    return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /** Makes two providers of a tree, claims them, moves and looks up the claims, and deletes it all. */
  async round() {
    const [root, child] = [this.#uuid(), this.#uuid()];
    await this.#makeProvider(root, null);
    await this.#makeProvider(child, root);
    const consumers = [];
    for (let index = 0; index < CLAIMS; index += 1) {
      const consumer = await this.#claim(root, child, index);
      consumers.push(consumer);
      await this.#look(root, consumer);
    }
    for (const consumer of consumers) {
      await this.#client.call("DELETE", `/allocations/${consumer}`, { expected: 204 });
    }
    for (const provider of [child, root]) {
      const path = `/resource_providers/${provider}`;
      await this.#client.call("DELETE", path, { expected: 204 });
    }
  }

  /**
   * @param {string} uuid
   * @param {string | null} parent
   */
  async #makeProvider(uuid, parent) {
    /** @type {(method: string, path: string, body: unknown) => Promise<unknown>} */
    const change = (method, path, body) => this.#client.call(method, path, { body, expected: 200 });
    const created = { uuid, name: uuid, parent_provider_uuid: parent };
    await change("POST", "/resource_providers", created);
    const at = `/resource_providers/${uuid}`;
    const inventories = { VCPU: { total: 64 }, MEMORY_MB: { total: 65_536 } };
    const given = { resource_provider_generation: 0, inventories };
    await change("PUT", `${at}/inventories`, given);
    const traits = { traits: ["HW_CPU_X86_AVX2"], resource_provider_generation: 1 };
    await change("PUT", `${at}/traits`, traits);
    const aggregates = { aggregates: [this.#uuid()], resource_provider_generation: 2 };
    await change("PUT", `${at}/aggregates`, aggregates);
  }

  /**
   * @param {string} root
   * @param {string} child
   * @param {number} index of the claim in its round
   * @returns the consumer
   */
  async #claim(root, child, index) {
    const consumer = this.#uuid();
    const path = `/allocations/${consumer}`;
    /** @param {string} provider */
    const on = (provider) => ({ [provider]: { resources: { VCPU: 1, MEMORY_MB: 512 } } });
    const key = index % 10 === 0 ? { headers: { "idempotency-key": this.#uuid() } } : {};
    const first = { allocations: on(root), consumer_generation: null, ...OWNER };
    await this.#client.call("PUT", path, { body: first, expected: 204, ...key });
    this.#client.claims += 1;
    if (index % 10 === 0) {
      await this.#client.call("PUT", path, { body: first, expected: 204, ...key });
    }
    await this.#client.call("PUT", path, { body: first, expected: 409 });
    const moved = { allocations: on(child), consumer_generation: 1, ...OWNER };
    await this.#client.call("PUT", path, { body: moved, expected: 204 });
    this.#client.claims += 1;
    return consumer;
  }

  /**
   * @param {string} provider
   * @param {string} consumer
   */
  async #look(provider, consumer) {
    const paths = [
      `/allocations/${consumer}`,
      `/resource_providers/${provider}`,
      `/resource_providers/${provider}/usages`,
      `/resource_providers/${provider}/allocations`,
      `/resource_providers?in_tree=${provider}`,
      "/usages?project_id=soak",
      "/traits",
    ];
    const path = paths[Math.floor(this.#fraction() * paths.length)] ?? "/";
    await this.#client.call("GET", path, { expected: 200 });
    await this.#client.call("GET", "/resource_providers/not-there", { expected: 404 });
    const bad = { traits: 1 };
    const traits = `/resource_providers/${provider}/traits`;
    await this.#client.call("PUT", traits, { body: bad, expected: 400 });
  }
}

/**
 * Source: Tommy Ettinger, "Mulberry32", public domain.
 * @param {number} seed
 */
function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
