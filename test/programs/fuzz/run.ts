/** Sends random requests, several at a time, and judges every answer by the OpenAPI document. */
import { operations } from "../../../functions/index.ts";
import { methodOf, pathOf } from "../../../lib/api/operation.ts";
import { matchRoute } from "../../../lib/api/routes.ts";
import { splitTarget } from "../../../lib/local/http-parts.ts";
import { requestedVersion } from "../../../lib/model/microversion.ts";
import { Description } from "../../documents/description.ts";
import { type HttpAnswer, HttpClient } from "../../support/http-client.ts";
import type { FuzzRequest, Requests } from "./requests.ts";

/** Requests under way at once, and milliseconds that each may take. */
const AT_ONCE = 8;
const TIME_LIMIT = 20_000;
/** Faults after which the run stops. */
const MAX_FAULTS = 20;

/** Faults and statuses of all requests so far. */
export interface Report {
  /** A sentence for each answer that is not as described, with the request's number. */
  readonly faults: readonly string[];
  /** How often each operation, or `none`, answered each status. */
  readonly statuses: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

export class Fuzzer implements Report {
  readonly faults: string[] = [];
  readonly statuses = new Map<string, Map<number, number>>();
  readonly #description: Description;

  constructor(document: Readonly<Record<string, unknown>>) {
    this.#description = new Description(document);
  }

  /** Sends the requests from number `from` up to and without `to`, unless there are too many faults. */
  async run(url: string, requests: Requests, from: number, to: number): Promise<void> {
    const http = new HttpClient(url);
    let next = from;
    const worker = async () => {
      while (next < to && this.faults.length < MAX_FAULTS) {
        const index = next;
        next += 1;
        await this.#one(http, index, requests.at(index));
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    } finally {
      http.close();
    }
  }

  async #one(http: HttpClient, index: number, request: FuzzRequest): Promise<void> {
    const fault = await this.#faultOf(http, request);
    if (fault === undefined) return;
    const { method, target, headers, body, kind } = request;
    const shown = JSON.stringify({ method, target, headers, body: String(body).slice(0, 500) });
    this.faults.push(`request ${index} (${kind}): ${fault}\n  ${shown}`);
  }

  async #faultOf(http: HttpClient, request: FuzzRequest): Promise<string | undefined> {
    let answer: HttpAnswer | undefined;
    try {
      answer = await within(TIME_LIMIT, send(http, request));
    } catch (error) {
      return `no answer: ${(error as Error).message}`;
    }
    if (answer === undefined) return `no answer in ${TIME_LIMIT} ms`;
    const [path] = splitTarget(request.target);
    const operation = matchRoute(operations, request.method, path)?.operation;
    this.#count(operation?.id ?? "none", answer.status);
    if (answer.status >= 500) return `${answer.status}: ${JSON.stringify(answer.body)}`;
    const version = requestedVersion(request.headers["openstack-api-version"]);
    const described = {
      version: version.kind === "served" ? version.minor : undefined,
      status: answer.status,
      contentType: answer.headers["content-type"],
      body: answer.body,
    };
    if (operation === undefined) return this.#description.unroutedFault(request.method, described);
    const { method } = request;
    return this.#description.fault({ method, path: pathOf(operation), ...described });
  }

  #count(operation: string, status: number): void {
    const counts = this.statuses.get(operation) ?? new Map<number, number>();
    counts.set(status, (counts.get(status) ?? 0) + 1);
    this.statuses.set(operation, counts);
  }
}

function send(http: HttpClient, { method, target, headers, body }: FuzzRequest) {
  return http.send({ method, path: target, headers, ...(body === undefined ? {} : { body }) });
}

/** Undefined if `promise` takes longer than `milliseconds`. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Operations with the statuses that they answered, a line each. */
export function summary({ statuses }: Report): string {
  const lines = [...statuses].sort().map(([id, counts]) => {
    const shown = [...counts].sort(([a], [b]) => a - b).map(([status, n]) => `${status}: ${n}`);
    return `${id.padEnd(32)} ${shown.join(", ")}`;
  });
  return lines.join("\n");
}

/** Operations that never succeeded. */
export function neverDone({ statuses }: Report): string[] {
  return operations
    .filter(({ id }) => ![...(statuses.get(id)?.keys() ?? [])].some((status) => status < 300))
    .map((operation) => `${methodOf(operation)} ${pathOf(operation)}`);
}
