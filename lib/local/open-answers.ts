/** The answers that a server owes, and how it ends without cutting one off. */
import type { Server, ServerResponse } from "node:http";
import { Server as NetServer } from "node:net";

export interface CloseLimits {
  /** Milliseconds for which connections without a request are kept: one may be on its way. */
  readonly idleTimeout: number;
  /** Milliseconds after which connections are cut off. */
  readonly closeTimeout: number;
}

export class OpenAnswers {
  readonly #open = new Set<ServerResponse>();
  readonly #server: Server;
  #stopping = false;
  /** From then on, a connection ends with its last answer. */
  #closesIdle = false;

  constructor(server: Server) {
    this.#server = server;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  get count(): number {
    return this.#open.size;
  }

  add(response: ServerResponse): void {
    this.#open.add(response);
    if (this.#stopping) endsConnection(response);
    response.once("close", () => {
      this.#open.delete(response);
      // A connection that is kept open would hold up a server that closes.
      if (this.#closesIdle) setImmediate(() => this.#server.closeIdleConnections());
    });
  }

  /**
   * Refuses new connections, and resolves when every request is answered or out of time.
   * @returns the number of requests that were cut off
   */
  close({ idleTimeout, closeTimeout }: CloseLimits): Promise<number> {
    this.#stopping = true;
    for (const response of this.#open) endsConnection(response);
    let cut = 0;
    return new Promise((resolve) => {
      const patience = setTimeout(() => {
        this.#closesIdle = true;
        this.#server.closeIdleConnections();
      }, idleTimeout);
      const limit = setTimeout(() => {
        cut = this.#open.size;
        this.#server.closeAllConnections();
      }, closeTimeout);
      // That of `http.Server` would also close connections on which a request is about to arrive.
      NetServer.prototype.close.call(this.#server, () => {
        clearTimeout(patience);
        clearTimeout(limit);
        resolve(cut);
      });
    });
  }
}

/** Tells the client to send nothing more on this connection, if that can still be told. */
function endsConnection(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}
