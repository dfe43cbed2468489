/** The calls of DynamoDB that a request makes: recorded once, and sent again without the service around them. */
import { bytesToUuid, type Uuid, uuidToBytes } from "../../../../lib/model/uuid.ts";
import type {
  Calls,
  Client,
  Connection,
  Operation,
} from "../../../../lib/store/table/connection.ts";

interface RecordedCall {
  readonly operation: Operation;
  readonly input: Calls[Operation]["input"];
}

/** Calls of one wave are sent at once, waves one after the other. */
export type Waves = readonly (readonly RecordedCall[])[];

/** Notes what goes through its connection. */
export class CallRecorder {
  readonly connection: Connection;
  #waves: RecordedCall[][] = [];
  #underWay = 0;

  constructor({ client, tableName }: Connection) {
    const send: Client["send"] = async (operation, input, options) => {
      if (this.#underWay === 0) this.#waves.push([]);
      this.#waves.at(-1)?.push({ operation, input: structuredClone(input) });
      this.#underWay += 1;
      try {
        return await client.send(operation, input, options);
      } finally {
        this.#underWay -= 1;
      }
    };
    this.connection = { tableName, client: { send, destroy: () => client.destroy() } };
  }

  /** The calls since the last `take`. */
  take(): Waves {
    const waves = this.#waves;
    this.#waves = [];
    return waves;
  }
}

export async function replay({ client }: Connection, waves: Waves): Promise<void> {
  for (const wave of waves) {
    await Promise.all(wave.map(({ operation, input }) => client.send(operation, input)));
  }
}

/** The same calls for another consumer, under tokens of their own. */
export function renamed(waves: Waves, from: Uuid, to: Uuid): Waves {
  return waves.map((wave) =>
    wave.map(({ operation, input }) => {
      const copy = withUuid(input, from, to) as RecordedCall["input"];
      if ("ClientRequestToken" in copy) Object.assign(copy, { ClientRequestToken: to });
      return { operation, input: copy };
    }),
  );
}

function withUuid(value: unknown, from: Uuid, to: Uuid): unknown {
  if (typeof value === "string") return value.replaceAll(from, to);
  if (value instanceof Uint8Array) {
    return value.length === 16 && bytesToUuid(value) === from ? uuidToBytes(to) : value;
  }
  if (Array.isArray(value)) return value.map((each) => withUuid(each, from, to));
  if (typeof value !== "object" || value === null || value instanceof Set) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, each]) => [key.replaceAll(from, to), withUuid(each, from, to)]),
  );
}
