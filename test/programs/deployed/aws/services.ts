/**
 * The services of AWS that the functions call, on one address. Each call is made by a function,
 * known by its access key, and refused unless the function's role allows it.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { PlayedFunction } from "../assembly/functions.ts";
import type { Permissions } from "../assembly/permissions.ts";

export interface Call {
  /** `GetItem` of the target `DynamoDB_20120810.GetItem`. */
  readonly operation: string;
  readonly body: Buffer;
  readonly request: IncomingMessage;
}

/** What a call needs, in IAM's words. */
export interface Need {
  /** `dynamodb:GetItem` */
  readonly action: string;
  readonly resource: string;
}

export interface Service {
  /** The first part of its targets. */
  readonly target: string;
  needs(call: Call): readonly Need[];
  answer(call: Call, response: ServerResponse): Promise<void>;
}

export interface Refused extends Need {
  readonly function: string;
}

export interface ServicesParts {
  readonly services: readonly Service[];
  readonly permissions: Permissions;
  functionOf(accessKey: string): PlayedFunction | undefined;
  readonly onRefused: (refused: Refused) => void;
}

/** DynamoDB's limit of a request. */
const MAX_BODY = 16_777_216;

export class Services {
  readonly #parts: ServicesParts;
  readonly #server: Server;

  private constructor(parts: ServicesParts) {
    this.#parts = parts;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        if (!response.headersSent) refuse(response, 500, "InternalFailure", message);
        else response.destroy();
      });
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  static async listen(parts: ServicesParts): Promise<Services> {
    const services = new Services(parts);
    services.#server.listen(0, "127.0.0.1");
    await once(services.#server, "listening");
    return services;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { services, permissions, functionOf, onRefused } = this.#parts;
    const body = await bodyOf(request);
    if (body === undefined) return refuse(response, 413, "RequestTooLarge", "too long");
    const key = /Credential=([^/]+)\//.exec(request.headers.authorization ?? "")?.[1];
    const caller = key === undefined ? undefined : functionOf(key);
    if (caller === undefined) {
      return refuse(response, 400, "UnrecognizedClientException", "The security token is invalid.");
    }
    const [target, operation = ""] = String(request.headers["x-amz-target"]).split(".");
    const service = services.find((each) => each.target === target);
    if (service === undefined) {
      return refuse(response, 400, "UnknownOperationException", `${target} is not played`);
    }
    const call = { operation, body, request };
    const denied = service
      .needs(call)
      .find(({ action, resource }) => !permissions.allows(caller.role, action, resource));
    if (denied === undefined) return service.answer(call, response);
    onRefused({ ...denied, function: caller.name });
    const { action, resource } = denied;
    const words = `User: ${caller.role}/${caller.name} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
    return refuse(response, 400, "AccessDeniedException", words);
  }
}

export function refuse(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify({ __type: type, message }));
}

/** Undefined: it is longer than a request may be. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
  }
  return size > MAX_BODY ? undefined : Buffer.concat(chunks);
}
