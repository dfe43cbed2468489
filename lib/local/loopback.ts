/** Random addresses of the loopback interface, which web pages cannot guess. */
import { randomInt } from "node:crypto";
import { freePort, type Listener } from "./ports.ts";

/** A whole number from 0 to `below` - 1 that cannot be guessed. */
export type RandomInt = (below: number) => number;

const systemRandomInt: RandomInt = (below) => randomInt(below);

/** For systems whose loopback interface has only this address. */
const ONLY = "127.0.0.1";

/** One of some 16 million addresses 127.A.B.C, outside of 127.0.0.0/24. */
export function randomLoopback(random: RandomInt): string {
  const middle = 1 + random(2 ** 16 - 1);
  const last = 1 + random(254);
  return `127.${middle >> 8}.${middle & 255}.${last}`;
}

/**
 * A free address and port: a random address if the system supports it, as Linux does,
 * else 127.0.0.1, as on macOS.
 */
export async function freePlace(
  random: RandomInt = systemRandomInt,
  free: (host: string) => Promise<number> = freePort,
): Promise<Listener> {
  const host = randomLoopback(random);
  try {
    return { host, port: await free(host) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRNOTAVAIL") throw error;
    return { host: ONLY, port: await free(ONLY) };
  }
}
