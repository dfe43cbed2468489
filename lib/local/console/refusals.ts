/** Refusals of the console's own paths. */
import { Refusal } from "../../model/refusal.ts";

const early = { vary: false } as const;

export class NoConsole extends Refusal {
  /** @param reason as the start of the server said it */
  constructor(reason: string) {
    super({ status: 404, detail: `There is no console: ${reason}.`, ...early });
  }
}

export class NoConsoleFile extends Refusal {
  constructor() {
    super({ status: 404, detail: "The console has no such file.", ...early });
  }
}
