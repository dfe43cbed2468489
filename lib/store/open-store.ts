import type { Clock, Random } from "../model/clock.ts";
import type { Connection } from "./connection.ts";
import type { OpenStore } from "./store.ts";

export interface StoreParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

export function storeOpener(_parts: StoreParts): OpenStore {
  return () => {
    throw new Error("not yet");
  };
}
