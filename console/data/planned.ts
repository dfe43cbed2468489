/** Requests that change something, as they are shown before they are sent. */
import type { PlacementClient } from "../../lib/client/client.ts";
import { ROUTES } from "../../lib/client/generated/routes.ts";
import type { CallOf, OperationId } from "../../lib/client/types.ts";

export interface Planned {
  readonly method: string;
  /** With its parameters. */
  readonly path: string;
  /** Undefined: it has none. */
  readonly body: unknown;
  /** @throws what `call` throws */
  send(): Promise<unknown>;
}

/**
 * It has a key of its own: after a lost answer the client sends it again, and it is carried out once.
 * @param key 1 to 255 visible characters
 */
export function planned<Id extends OperationId>(
  client: PlacementClient<"1.39">,
  id: Id,
  call: CallOf<Id, "1.39">,
  key: string = crypto.randomUUID(),
): Planned {
  const parameters = "parameters" in call ? Object.entries(call.parameters ?? {}) : [];
  const { method, path } = ROUTES[id];
  const filled = parameters.reduce(
    (text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(String(value))),
    path as string,
  );
  const body = "body" in call ? call.body : undefined;
  return {
    method,
    path: filled,
    body,
    send: () => client.call(id, { ...call, idempotencyKey: key }),
  };
}
