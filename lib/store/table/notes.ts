/**
 * Notes: what a transaction leaves in the item of its attempt, for a taker in the same process. A note
 * is there exactly if its transaction was applied, and costs it no further write.
 *
 * A slot with a note is not used again before the note was taken. The taker gets them in the order of
 * their attempts' numbers, and none before all attempts with lower numbers are decided. What an
 * unknown outcome leaves open is decided by the attempt's fence. docs/architecture.md, "Notes".
 */
import { Beginnings } from "./beginnings.ts";
import type { Write } from "./expressions.ts";
import type { Key } from "./item.ts";

export type Attributes = Readonly<Record<string, unknown>>;

/** Notes that may wait to be taken; with a taker that comes five times a second 2,500 transactions a second. */
export const NOTE_SLOTS = 512;

/** An attempt of which nobody knows yet whether it was applied. */
export interface OpenAttempt {
  readonly number: number;
  readonly key: Key;
  readonly fence: Write;
}

/** What a transaction leaves, and which subjects it makes begin and end. */
export interface Noted {
  readonly attributes: Attributes;
  readonly begins: readonly string[];
  readonly ends: readonly string[];
}

export interface TakenNote {
  readonly number: number;
  readonly attributes: Attributes;
}

export interface Settled {
  /** In the order of their numbers: all that were left by attempts up to `bound`. */
  readonly notes: readonly TakenNote[];
  /** Attempts up to this number are decided. */
  readonly bound: number;
}

/** Where it is: its transaction was not sent, or refused; is under way; was applied; ended as unknown. */
type State =
  | { readonly kind: "idle" | "sent" | "applied" }
  | { readonly kind: "unknown"; readonly open: OpenAttempt };

/** A slot that is reserved for one note. */
export interface Note {
  readonly slot: number;
  readonly attributes: Attributes;
  /** Subjects, none of which may be beginning when the transaction gets its number. */
  readonly ends: readonly string[];
  /** Its transaction is about to be sent. */
  sent(number: number): void;
  /** @param open how it is decided, if nobody knows whether it was applied */
  ended(applied: boolean, open?: OpenAttempt): void;
  /** Whether it has ended as unknown, and is not decided yet. */
  readonly isOpen: boolean;
  /** Nothing more is sent. */
  close(): void;
}

export class Notes {
  /** Of the process: of changes that leave something else, too. */
  readonly beginnings = new Beginnings();
  /** The next one to take is the last: few items are used. */
  readonly #free: number[];
  /** By the numbers of their attempts, which rise. */
  readonly #held = new Map<number, HeldNote>();

  /** @param first slots from this one on are for notes */
  constructor(first: number) {
    this.#free = Array.from({ length: NOTE_SLOTS }, (_, n) => first + NOTE_SLOTS - 1 - n);
  }

  /** Undefined: so many wait that there is no room. */
  reserve(noted: Noted): Note | undefined {
    const slot = this.#free.pop();
    if (slot === undefined) return undefined;
    return new HeldNote(slot, noted, {
      held: this.#held,
      beginnings: this.beginnings,
      free: () => this.#free.push(slot),
    });
  }

  /** @param last the last number of an attempt that was given out */
  settled(last: number): Settled {
    const notes: TakenNote[] = [];
    for (const [number, { state, attributes }] of this.#held) {
      if (state.kind !== "applied") return { notes, bound: number - 1 };
      notes.push({ number, attributes });
    }
    return { notes, bound: last };
  }

  unknown(): OpenAttempt[] {
    return [...this.#held.values()].flatMap(({ state }) =>
      state.kind === "unknown" ? state.open : [],
    );
  }

  /** An attempt whose outcome was unknown is decided. */
  decided(number: number, applied: boolean): void {
    this.#held.get(number)?.decided(applied);
  }

  /** All up to this number were taken. */
  taken(upTo: number): void {
    for (const [number, note] of this.#held) {
      if (number > upTo) return;
      note.taken();
    }
  }

  /** The lowest number of a note that waits; undefined: none does. */
  first(): number | undefined {
    for (const [number, { state }] of this.#held) if (state.kind === "applied") return number;
    return undefined;
  }
}

interface Holder {
  readonly held: Map<number, HeldNote>;
  readonly beginnings: Beginnings;
  free(): void;
}

class HeldNote implements Note {
  readonly slot: number;
  readonly attributes: Attributes;
  readonly ends: readonly string[];
  readonly #begins: readonly string[];
  readonly #holder: Holder;
  #number = 0;
  #isFree = false;
  state: State = { kind: "idle" };

  constructor(slot: number, { attributes, begins, ends }: Noted, holder: Holder) {
    this.slot = slot;
    this.attributes = attributes;
    this.ends = ends;
    this.#begins = begins;
    this.#holder = holder;
  }

  sent(number: number): void {
    this.#number = number;
    this.state = { kind: "sent" };
    this.#holder.beginnings.add(this.#begins);
    this.#holder.held.set(number, this);
  }

  ended(applied: boolean, open?: OpenAttempt): void {
    if (open !== undefined) this.state = { kind: "unknown", open };
    else if (applied) this.#settle("applied");
    else this.#withdraw();
  }

  get isOpen(): boolean {
    return this.state.kind === "unknown";
  }

  close(): void {
    if (this.state.kind === "idle") this.#free();
  }

  decided(applied: boolean): void {
    if (this.state.kind !== "unknown") return;
    if (applied) this.#settle("applied");
    else this.#drop();
  }

  taken(): void {
    if (this.state.kind === "applied") this.#drop();
  }

  #settle(kind: "idle" | "applied"): void {
    const wasOpen = this.state.kind === "sent" || this.state.kind === "unknown";
    this.state = { kind };
    if (wasOpen) this.#holder.beginnings.remove(this.#begins);
  }

  #withdraw(): void {
    this.#settle("idle");
    this.#holder.held.delete(this.#number);
  }

  #drop(): void {
    this.#withdraw();
    this.#free();
  }

  /** It may have been taken before it is closed. */
  #free(): void {
    if (!this.#isFree) this.#holder.free();
    this.#isFree = true;
  }
}
