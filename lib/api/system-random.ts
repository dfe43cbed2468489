/** Randomness of the platform: what every runtime uses outside tests. */
import { randomUUID } from "node:crypto";
import type { Random } from "../model/clock.ts";
import { storedUuid } from "../model/uuid.ts";

export const systemRandom: Random = { fraction: Math.random, uuid: () => storedUuid(randomUUID()) };
