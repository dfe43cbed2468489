/** An endpoint in front of the engine whose answers stall at a chosen place. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How far a call gets. What is not answered was carried out all the same. */
export const PLACES = ["before the headers", "after the headers", "amid the body"] as const;
export type Place = (typeof PLACES)[number];

export interface Stalling {
  readonly endpoint: string;
  /** Calls that arrived so far, by DynamoDB's name of each. */
  readonly calls: readonly string[];
  /** Answers that were stopped, and whose connections the caller has not ended yet. */
  readonly held: number;
  /** From now on the answers to these calls stop there; undefined lets everything through. */
  stall(place: Place | undefined, names?: readonly string[], count?: number): void;
  /** Resolves when the next answer stops. */
  stopped(): Promise<"stopped">;
  close(): Promise<void>;
}

export async function startStalling(engine: string): Promise<Stalling> {
  const calls: string[] = [];
  const held = new Set<ServerResponse>();
  let waiting: (() => void)[] = [];
  let early = 0;
  let rule = { place: undefined as Place | undefined, names: [] as readonly string[], left: 0 };
  const stop = (response: ServerResponse) => {
    // The caller may have given up before it came to this.
    if (response.socket?.destroyed === false) {
      held.add(response);
      response.once("close", () => held.delete(response));
    }
    const next = waiting.shift();
    if (next === undefined) early += 1;
    else next();
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const name = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    calls.push(name);
    const { status, type, body } = await forward(engine, request);
    const place = rule.left > 0 && rule.names.includes(name) ? rule.place : undefined;
    if (place !== undefined) rule.left -= 1;
    if (place === "before the headers") return stop(response);
    response.writeHead(status, { "content-type": type, "content-length": body.length });
    if (place === undefined) return response.end(body);
    if (place === "amid the body") response.write(body.subarray(0, Math.ceil(body.length / 2)));
    response.flushHeaders();
    return stop(response);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error) => response.destroy(error));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    get held() {
      return held.size;
    },
    stall: (place, names = [], count = Number.POSITIVE_INFINITY) => {
      rule = { place, names, left: count };
      waiting = [];
      early = 0;
    },
    stopped: () =>
      new Promise((resolve) => {
        if (early > 0) {
          early -= 1;
          resolve("stopped");
        } else waiting.push(() => resolve("stopped"));
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function forward(engine: string, request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { host: _host, connection: _connection, "content-length": _, ...rest } = request.headers;
  const headers = Object.entries(rest).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : [],
  );
  const answer = await fetch(engine, { method: "POST", headers, body: Buffer.concat(chunks) });
  return {
    status: answer.status,
    type: answer.headers.get("content-type") ?? "",
    body: Buffer.from(await answer.arrayBuffer()),
  };
}
