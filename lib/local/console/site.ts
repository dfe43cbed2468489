/**
 * The console below `/console/`. Its files and its `config.json` need no identity: they are the same
 * for everybody, and what it shows it asks the API for.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ConsoleConfig } from "../../api/console/config.ts";
import { CONFIG_FILE, INDEX_FILE } from "../../api/console/files.ts";
import { consoleHeaders } from "../../api/console/headers.ts";
import { isKnown } from "../../api/prepared.ts";
import { Refusal } from "../../model/refusal.ts";
import { type Mount, type Place, placeOf } from "../base-path.ts";
import { type AcceptsHost, checkHost } from "../hosts.ts";
import { splitTarget } from "../http-parts.ts";
import type { ConsoleFiles } from "./files.ts";
import type { ConsoleOptions } from "./options.ts";
import { NoConsole, NoConsoleFile } from "./refusals.ts";

export const CONSOLE_PATH = "/console";

export interface ConsoleParts {
  readonly options: ConsoleOptions;
  /** Undefined: it is not built. */
  readonly files: ConsoleFiles | undefined;
}

/** Why there is no console; undefined: there is one. */
export function consoleAbsence({ options, files }: ConsoleParts): string | undefined {
  if (files === undefined) return "it is not built: 'npm run prepare' builds it";
  if (options.auth === undefined) return "with --auth jwt it needs --console-client-id";
  return undefined;
}

interface SiteParts extends ConsoleParts {
  readonly mount: Mount;
  readonly accepts: AcceptsHost;
  refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void;
}

interface Page {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const METHODS = ["GET", "HEAD"];

export class ConsoleSite {
  readonly #parts: SiteParts;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(parts: SiteParts) {
    this.#parts = parts;
    this.#headers = consoleHeaders(parts.options.connect);
  }

  serves({ method = "", url = "" }: IncomingMessage): boolean {
    if (!METHODS.includes(method)) return false;
    const [path] = splitTarget(url);
    const own = `${this.#parts.mount.basePath}${CONSOLE_PATH}`;
    return path === own || path.startsWith(`${own}/`);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    try {
      this.#answer(request, response);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      for (const [name, value] of Object.entries(this.#headers)) response.setHeader(name, value);
      this.#parts.refuse(request, response, error);
    }
  }

  /** @throws MisdirectedRequest, AmbiguousHost, BadForwardedHeader, NoConsole, NoConsoleFile */
  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { mount, accepts } = this.#parts;
    checkHost(request, accepts);
    const place = placeOf(request, mount);
    const absence = consoleAbsence(this.#parts);
    if (absence !== undefined) throw new NoConsole(absence);
    if (place.path === CONSOLE_PATH) {
      response.writeHead(308, { location: `${place.base}${CONSOLE_PATH}/`, "content-length": 0 });
      response.end();
      return;
    }
    const { headers, body } = this.#page(place);
    const all = { ...this.#headers, ...headers };
    if (headers["etag"] && isKnown(headers["etag"], request.headers["if-none-match"])) {
      response.writeHead(304, all).end();
      return;
    }
    response.writeHead(200, { ...all, "content-length": body.length });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  /** @throws NoConsoleFile */
  #page(place: Place): Page {
    const name = place.path.slice(CONSOLE_PATH.length + 1);
    if (name === CONFIG_FILE) return this.#config(place);
    const file = this.#parts.files?.get(name === "" ? INDEX_FILE : name);
    if (file === undefined) throw new NoConsoleFile();
    const { body, contentType, cacheControl, etag } = file;
    return { headers: { "content-type": contentType, "cache-control": cacheControl, etag }, body };
  }

  #config({ base }: Place): Page {
    const { auth = { kind: "none" } } = this.#parts.options;
    const config: ConsoleConfig = { api: `${base}/`, auth, dashboard: null };
    return {
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: Buffer.from(JSON.stringify(config)),
    };
  }
}
