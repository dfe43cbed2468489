/**
 * A source of ours whose answers a test alters, on their way to the importing program. It takes
 * every token.
 */
import type { Fetch } from "../../lib/client/platform.ts";

export interface Answered {
  readonly path: string;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** @param alter gives another body; or a status, which replaces the answer */
export function altered(alter: (answered: Answered) => unknown): Fetch {
  return async (url, init) => {
    const headers = new Headers(init.headers);
    const as = { ...Object.fromEntries(headers), "x-auth-token": "admin" };
    const response = await fetch(url, { ...init, headers: as });
    const text = await response.text();
    const body = text === "" ? undefined : JSON.parse(text);
    const changed = alter({ path: new URL(url).pathname, headers, body });
    if (typeof changed === "number") return new Response("{}", { status: changed });
    const { status } = response;
    const sent = status === 204 ? null : JSON.stringify(changed ?? body);
    return new Response(sent, { status, headers: response.headers });
  };
}
