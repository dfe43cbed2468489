/**
 * How far an import is: a bar with counts, rate and time left on a terminal, and a line for each
 * finished phase everywhere.
 */
import { Presets, SingleBar } from "cli-progress";
import type { Clock } from "../../lib/client/platform.ts";

export interface Phase {
  step(count?: number): void;
  done(): void;
}

export interface Progress {
  /** @param total of steps */
  phase(name: string, total: number): Phase;
}

export interface ProgressParts {
  readonly clock: Pick<Clock, "now">;
  /** Takes lines for people. */
  readonly tell: (line: string) => void;
  /** Undefined: no bar. */
  readonly stream: NodeJS.WriteStream | undefined;
}

const FORMAT = "{name} [{bar}] {value}/{total}, {rate}/s, {eta_formatted} left";
/** Steps over which the time left is estimated. */
const ETA_STEPS = 200;

export function progress({ clock, tell, stream }: ProgressParts): Progress {
  return {
    phase(name, total) {
      const began = clock.now();
      const bar = stream?.isTTY && total > 0 ? barOn(stream) : undefined;
      let count = 0;
      bar?.start(total, 0, { name, rate: 0 });
      return {
        step(steps = 1) {
          count += steps;
          bar?.update(count, { name, rate: rateOf(count, clock.now() - began) });
        },
        done() {
          bar?.stop();
          const time = clock.now() - began;
          if (count > 0) tell(`${name}: ${count} in ${seconds(time)}, ${rateOf(count, time)}/s`);
        },
      };
    },
  };
}

function barOn(stream: NodeJS.WriteStream): SingleBar {
  const options = { format: FORMAT, stream, etaBuffer: ETA_STEPS, clearOnComplete: true };
  return new SingleBar(options, Presets.legacy);
}

function rateOf(count: number, milliseconds: number): number {
  return Math.round((count * 1_000) / Math.max(1, milliseconds));
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
