/** Options of `--peer`, with their bounds. */
import { type PeerOptions, SCENES } from "./main.ts";

/** As `parseArgs` leaves them. */
export interface PeerArguments {
  readonly peer: string;
  readonly only?: string | undefined;
  readonly clients?: string | undefined;
  readonly seconds?: string | undefined;
  readonly slices?: string | undefined;
  readonly size?: string | undefined;
  readonly consumers?: string | undefined;
  readonly seed?: string | undefined;
  readonly quick: boolean;
}

const THOROUGH = { clients: "1,8,32", seconds: 1, slices: 6, size: 1_000, consumers: 3_000 };
const QUICK = { clients: "8", seconds: 0.05, slices: 1, size: 12, consumers: 12 };
const MOST = { clients: 200, seconds: 600, slices: 1_000, size: 100_000, consumers: 100_000 };

/** @throws Error with what is wrong with the arguments */
export function peerOptions(given: PeerArguments): PeerOptions {
  const defaults = given.quick ? QUICK : THOROUGH;
  const number = (name: keyof typeof MOST, text = `${defaults[name]}`) => {
    const value = Number(text);
    if (value > 0 && value <= MOST[name]) return value;
    throw new Error(`--${name} takes numbers above 0, up to ${MOST[name]}: ${text}`);
  };
  const integer = (name: keyof typeof MOST, text?: string) => Math.ceil(number(name, text));
  return {
    peer: peerUrl(given.peer),
    scenes: scenesOf(given.only),
    clients: (given.clients ?? defaults.clients).split(",").map((text) => integer("clients", text)),
    seconds: number("seconds", given.seconds),
    slices: integer("slices", given.slices),
    hosts: integer("size", given.size),
    consumers: integer("consumers", given.consumers),
    seed: seedOf(given.seed),
  };
}

function peerUrl(text: string): string {
  if (URL.canParse(text) && new URL(text).protocol === "http:") return text;
  throw new Error(`--peer takes an http URL: ${text}`);
}

function scenesOf(only: string | undefined) {
  if (only === undefined) return SCENES;
  const names = only.split(",");
  const known = SCENES.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return SCENES.filter(({ name }) => names.includes(name));
  throw new Error(`unknown: ${unknown.join(", ")}; with --peer there are ${known.join(", ")}`);
}

function seedOf(text: string | undefined): number {
  if (text === undefined) return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(text);
  if (Number.isInteger(seed) && seed >= 0) return seed;
  throw new Error(`--seed takes an integer: ${text}`);
}
