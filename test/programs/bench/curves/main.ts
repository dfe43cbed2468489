/** `--only curves`: how figures grow with providers, consumers and writers. */
import { curveOfConsumers } from "./consumers.ts";
import { curveOfProviders } from "./providers.ts";
import { curveOfSizes } from "./sizes.ts";
import { curveOfWriters } from "./writers.ts";

export async function benchCurves(quick: boolean): Promise<void> {
  curveOfSizes();
  await curveOfWriters(quick ? [1, 8] : [1, 8, 32, 128], quick ? 50 : 5_000);
  await curveOfConsumers(quick ? [10, 20] : [100, 1_000, 10_000]);
  await curveOfProviders(quick ? [100] : [1_000, 10_000, 100_000]);
}
