/**
 * A server between the store and the engine: shows every call as it is on the wire, whichever
 * client sends it.
 */
import { Agent, createServer, request as send } from "node:http";
import { text } from "node:stream/consumers";

/** A call of DynamoDB. */
export interface WireCall {
  /** Of DynamoDB's API, such as `GetItem`. */
  readonly action: string;
  /** JSON */
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  /** JSON */
  readonly body: string;
}

/** Answers a call: by `forward`, which sends it on with the body that it is given. */
export type Through = (
  call: WireCall,
  forward: (body: string) => Promise<WireAnswer>,
) => Promise<WireAnswer>;

export interface EngineProxy {
  readonly endpoint: string;
  close(): Promise<void>;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** @param engine the URL of a DynamoDB that does not check signatures: bodies may be changed */
export async function startEngineProxy(engine: string, through: Through): Promise<EngineProxy> {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(engine);
  const forward = (headers: Headers, body: string) =>
    new Promise<WireAnswer>((resolve, reject) => {
      const given = { ...headers, "content-length": Buffer.byteLength(body) };
      const options = { agent, hostname, port, method: "POST", headers: given };
      const sent = send(options, (response) => {
        const status = response.statusCode ?? 0;
        text(response).then((received) => resolve({ status, body: received }), reject);
      });
      sent.once("error", reject);
      sent.end(body);
    });
  const server = createServer(async (request, response) => {
    try {
      const call = { action: actionOf(request.headers), body: await text(request) };
      const answer = await through(call, (body) => forward(passedOn(request.headers), body));
      const headers = { "content-type": "application/x-amz-json-1.0" };
      response.writeHead(answer.status, headers).end(answer.body);
    } catch {
      response.destroy();
    }
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function actionOf(headers: Headers): string {
  return String(headers["x-amz-target"]).replace(/^.*\./, "");
}

function passedOn(headers: Headers): Headers {
  const { connection, "content-length": length, "transfer-encoding": coding, ...others } = headers;
  return others;
}
