/** The client at a test's server, and faults between the two. */

import { systemRandom } from "../../lib/api/system-random.ts";
import { overHttp } from "../../lib/client/http.ts";
import { type HttpOptions, PlacementClient, type Version } from "../../lib/client/index.ts";
import { type Fetch, platformFetch } from "../../lib/client/platform.ts";
import { authToken } from "../../lib/client/tokens.ts";
import { type FastClock, fastClock } from "./fast-clock.ts";

/** Stands between client and server: answers by `send`, something else, or an error. */
export type FetchFault = (request: SentRequest, send: () => Promise<Response>) => Promise<Response>;

export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly signal: AbortSignal | undefined;
}

export interface TestClient {
  readonly client: PlacementClient<"1.39">;
  readonly sent: readonly SentRequest[];
  /** Pauses take no time; what it has slept through. */
  readonly clock: FastClock;
}

export function clientOf(
  url: string,
  fault: FetchFault = (_, send) => send(),
  options: Partial<HttpOptions> & { readonly maxTries?: number } = {},
): TestClient {
  const { maxTries, ...http } = options;
  const sent: SentRequest[] = [];
  const clock = fastClock();
  const fetch = watched(sent, fault);
  const transport = overHttp({ url, credentials: authToken("admin"), fetch, clock, ...http });
  const version: Version = "1.39";
  const tries = maxTries === undefined ? {} : { maxTries };
  const client = new PlacementClient({ transport, version, clock, random: systemRandom, ...tries });
  return { client, sent, clock };
}

function watched(sent: SentRequest[], fault: FetchFault): Fetch {
  return (url, init) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    const { method = "GET", body, signal } = init;
    const request = { method, url, headers, body, signal: signal ?? undefined };
    sent.push(request);
    return fault(request, () => platformFetch(url, init));
  };
}

/** The answers to the next `count` matching requests are lost after they were carried out. */
export function losing(
  count: number,
  matches: (request: SentRequest) => boolean = ({ method }) => method !== "GET",
): FetchFault {
  let left = count;
  return async (request, send) => {
    if (left === 0 || !matches(request)) return send();
    left -= 1;
    await (await send()).arrayBuffer();
    throw new TypeError("fetch failed");
  };
}

/** The next `count` matching requests are answered in the server's place. */
export function answering(
  count: number,
  make: () => Response,
  matches: (request: SentRequest) => boolean = ({ method }) => method !== "GET",
): FetchFault {
  let left = count;
  return (request, send) => {
    if (left === 0 || !matches(request)) return send();
    left -= 1;
    return Promise.resolve(make());
  };
}
