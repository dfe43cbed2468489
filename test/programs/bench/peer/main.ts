/** `npm run bench -- --peer URL`: the same load on a running Placement and on ours. */
import { type Figures, figuresOf, type Pair } from "./figures.ts";
import { Load } from "./load.ts";
import { withOurs } from "./ours.ts";
import { printFigures, printTargets } from "./print.ts";
import type { Scene } from "./scene.ts";
import { CLAIMS } from "./scenes/claims.ts";
import { READS } from "./scenes/reads.ts";
import { RESHAPE } from "./scenes/reshape.ts";
import { WRITES } from "./scenes/writes.ts";
import { requireEmpty, seedWorld } from "./seed.ts";
import { playSlice, type SliceOptions } from "./slice.ts";
import { makeWorld, type World } from "./world.ts";

export const SCENES: readonly Scene[] = [...CLAIMS, ...READS, ...WRITES, RESHAPE];

export interface PeerOptions {
  readonly peer: string;
  readonly scenes: readonly Scene[];
  readonly clients: readonly number[];
  /** Of a slice. */
  readonly seconds: number;
  /** Of each side. */
  readonly slices: number;
  readonly hosts: number;
  readonly consumers: number;
  readonly seed: number;
}

interface Sides {
  readonly ours: Load;
  readonly peer: Load;
  readonly world: World;
}

/** Scenes that take the peer seconds get fewer slices, and at most so many clients. */
const SLOW_SLICES = 2;
const SLOW_CLIENTS = 8;
/** A warm-up's part of a slice. */
const WARM_UP = 0.5;

/** @returns whether ours answered without an error, and which targets are missed */
export async function benchPeer(options: PeerOptions) {
  const { clients, hosts, consumers, seed } = options;
  const spare = Math.ceil(1.5 * Math.max(...clients)) + 1;
  const world = makeWorld(seed, { hosts, consumers, spare });
  console.log(`Ours beside ${options.peer}: ${hosts} hosts, --seed ${seed}`);
  console.log(`${options.slices} slices each of ${options.seconds} s, alternating`);
  const peer = new Load(options.peer);
  await requireEmpty(peer);
  return withOurs(async ({ url }) => {
    const sides = { ours: new Load(url), peer, world };
    for (const load of [sides.ours, sides.peer]) {
      const start = performance.now();
      await seedWorld(load, world);
      load.rest();
      progress(`${load.url} has its data, in ${seconds(performance.now() - start)} s`);
    }
    const all: Figures[] = [];
    for (const count of clients) {
      const some = [];
      for (const scene of options.scenes) {
        if (scene.slow !== true || count <= SLOW_CLIENTS) {
          some.push(...(await playScene(scene, count, sides, options)));
        }
      }
      printFigures(count, some);
      all.push(...some);
    }
    const missed = printTargets(all);
    const failed = all.some(({ errors }) => errors.some(({ side }) => side === "ours"));
    return { sound: !failed, missed };
  });
}

async function playScene(
  scene: Scene,
  clients: number,
  { ours, peer, world }: Sides,
  options: PeerOptions,
): Promise<Figures[]> {
  const slices = scene.slow === true ? Math.min(SLOW_SLICES, options.slices) : options.slices;
  const play = (load: Load, slice: number) => {
    // The warm-up is slice -1; no two slices of a run have the same requests.
    const part = slice < 0 ? WARM_UP : 1;
    const seed = options.seed + 7_919 * (slice + 2) + 104_729 * clients;
    const timing = { clients, milliseconds: 1_000 * options.seconds * part };
    return playSlice(scene, { load, world, seed, ...timing } satisfies SliceOptions);
  };
  const pairs: Pair[][] = scene.operations.map(() => []);
  for (let slice = -1; slice < slices; slice += 1) {
    const [a, b] = [await play(ours, slice), await play(peer, slice)];
    if (slice < 0) continue;
    for (const [index, list] of pairs.entries()) {
      list.push({ ours: a[index], peer: b[index] } as Pair);
    }
  }
  const figures = scene.operations.map((operation, index) =>
    figuresOf(operation, clients, pairs[index] as Pair[]),
  );
  for (const { operation, ratio } of figures) {
    const said = Number.isNaN(ratio) ? "no measurement" : `ratio ${ratio.toFixed(1)}`;
    progress(`clients ${clients}, ${operation.name}: ${said}`);
  }
  return figures;
}

/** Not part of the report. */
function progress(text: string): void {
  console.error(text);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(1);
}
