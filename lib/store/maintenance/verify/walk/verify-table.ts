/**
 * Verifies a table in use, page by page. Each invocation continues from the position that the
 * last one returned.
 */

import { customNameOf, nameKindOf } from "../../../items/custom-name.ts";
import { type Kind, kindOf } from "../../../items/kinds.ts";
import { namesIn, type OnChanged } from "../../../items/subjects.ts";
import type { MaintenanceStore } from "../../../maintenance-store.ts";
import { type Item, type Key, keyText } from "../../../table/item.ts";
import { repairUsers } from "../../repairs/names.ts";
import type { Incomplete, Repair } from "../../repairs/outcome.ts";
import type { Finding } from "../finding.ts";
import { confirm, type Scope, suspicious } from "./confirm.ts";
import { countNames } from "./count-names.ts";
import { PHASES, type Phase, type WalkPosition } from "./position.ts";
import { repairFinding } from "./repair.ts";

export interface VerifyOptions {
  /** Ends after the page on which this many findings were reached. */
  readonly batchSize: number;
  readonly repair: boolean;
  /** The owner of consumers that are rebuilt from their look-up items. */
  readonly incomplete: Incomplete;
  readonly from?: WalkPosition;
  /** Called with the names of what is repaired. */
  readonly changed?: OnChanged;
}

export interface Reported extends Finding {
  /** `left`: no rule decides what is right. */
  readonly outcome: "reported" | "repaired" | "left";
}

export interface VerifyReport {
  /** Number of items that were checked. */
  readonly checked: number;
  readonly findings: readonly Reported[];
  /** Items that were written so often meanwhile that no finding about them is certain. */
  readonly unsettled: readonly Key[];
  /** Where to continue; undefined: the whole table was verified. */
  readonly next: WalkPosition | undefined;
}

const PAGE = 100;
/** Items checked together. */
const GROUP = 25;
const MAX_PAGES = 100_000;
/** Milliseconds reserved for the last group. */
const RESERVE = 10_000;

const CONSUMERS: ReadonlySet<Kind | undefined> = new Set(["consumer", "holder"]);
const LOOKUPS: ReadonlySet<Kind | undefined> = new Set([
  "project-consumer",
  "idle-consumer",
  "leased-consumer",
]);

/** The items that each phase checks. Repairs of a phase depend on those of earlier phases. */
const KINDS: Readonly<Record<Phase, (item: Item) => boolean>> = {
  marks: () => true,
  consumers: (item) => CONSUMERS.has(kindOf(item)),
  lookups: (item) => LOOKUPS.has(kindOf(item)),
  rest: (item) => !CONSUMERS.has(kindOf(item)) && !LOOKUPS.has(kindOf(item)),
  names: () => true,
};

/** Without repairs no phase depends on another: one walk checks everything. */
function firstPhase(repair: boolean): Phase {
  return repair ? "marks" : "rest";
}

export async function verifyTable(
  store: MaintenanceStore,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const run = new Run(store, options);
  return run.report(options.from ?? { phase: firstPhase(options.repair), after: undefined });
}

class Run {
  readonly #store: MaintenanceStore;
  readonly #options: VerifyOptions;
  #checked = 0;
  readonly #findings: Reported[] = [];
  readonly #unsettled: Key[] = [];

  constructor(store: MaintenanceStore, options: VerifyOptions) {
    this.#store = store;
    this.#options = options;
  }

  async report(from: WalkPosition): Promise<VerifyReport> {
    let position: WalkPosition | undefined = from;
    for (let page = 0; page < MAX_PAGES && position !== undefined; page += 1) {
      if (page > 0 && this.#isEnough()) break;
      position = position.phase === "names" ? await this.#names() : await this.#page(position);
    }
    return {
      checked: this.#checked,
      findings: this.#findings,
      unsettled: this.#unsettled,
      next: position,
    };
  }

  #isEnough(): boolean {
    const { clock, deadline } = this.#store;
    return this.#findings.length >= this.#options.batchSize || clock.now() > deadline - RESERVE;
  }

  async #page({ phase, after }: WalkPosition): Promise<WalkPosition | undefined> {
    const { items, next } = await this.#store.stored.scan(after, PAGE);
    const all = this.#options.repair ? items.filter(KINDS[phase]) : items;
    for (let from = 0; from < all.length; from += GROUP) {
      if (from > 0 && this.#isEnough()) return { phase, after: keyOf(all[from - 1]) };
      await this.#group(all.slice(from, from + GROUP), phase === "marks" ? "intents" : "all");
    }
    if (next !== undefined) return { phase, after: next };
    const following = PHASES[PHASES.indexOf(phase) + 1];
    return following && { phase: following, after: undefined };
  }

  async #group(items: readonly Item[], scope: Scope): Promise<void> {
    if (scope === "all") this.#checked += items.length;
    for (const key of await suspicious(this.#store, items, scope)) {
      const findings = await confirm(this.#store, key, scope);
      if (findings === undefined) this.#unsettled.push(key);
      for (const found of findings ?? []) this.#findings.push(await this.#reported(found));
    }
  }

  async #reported(found: Finding): Promise<Reported> {
    const { repair, incomplete } = this.#options;
    if (!repair) return { ...found, outcome: "reported" };
    return this.#outcome(found, await repairFinding(this.#store, found, incomplete));
  }

  #outcome(found: Finding, done: Repair): Reported {
    if (done === "repaired") this.#options.changed?.(...found.items.flatMap(namesIn));
    return { ...found, outcome: done === "left" ? "left" : "repaired" };
  }

  async #names(): Promise<undefined> {
    const counted = await countNames(this.#store);
    this.#unsettled.push(...counted.unsettled);
    for (const found of counted.findings) {
      const [key] = found.items;
      const name = key && counted.names.get(keyText(key));
      const kind = key && nameKindOf(key);
      if (
        !this.#options.repair ||
        found.rule !== "name-users" ||
        name === undefined ||
        kind === undefined
      ) {
        this.#findings.push(await this.#reported(found));
        continue;
      }
      const users = counted.users[kind].get(customNameOf(name).id) ?? 0;
      this.#findings.push(this.#outcome(found, await repairUsers(this.#store, name, users)));
    }
  }
}

function keyOf(item: Item | undefined): Key | undefined {
  return item && { pk: item.pk, sk: item.sk };
}
