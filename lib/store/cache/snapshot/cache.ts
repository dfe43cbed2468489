/** The view of all providers that a function keeps between requests, and when it is refreshed. */
import type { Reader } from "../../table/reader.ts";
import { JoinedRefreshes } from "../joined.ts";
import { Interner } from "./interner.ts";
import { refresh } from "./refresh.ts";
import { View } from "./view.ts";

/** Milliseconds after which too much may have changed to be read for one provider. */
const WARM = 10_000;

/** Milliseconds since 1970; from the first to the last, the next refresh reads little. */
type Span = readonly [from: number, to: number];

export class SnapshotCache {
  readonly #maxAge: number;
  readonly #interner = new Interner();
  readonly #refreshes = new JoinedRefreshes<View>();
  #view = View.empty();
  #warm: Span | undefined;
  #isTrusted = false;
  #sequence = 0;

  /** @param maxAge milliseconds after which a shard is read in full, no matter what its log names */
  constructor(maxAge: number) {
    this.#maxAge = maxAge;
  }

  /**
   * All providers as they are now. The view may contain half of a large change that was
   * committed since `View.commits`: `CommitCount` detects it.
   * @param logged whether every writer appends to the shard logs
   * @throws Busy
   */
  fresh(reader: Reader, logged = true): Promise<View> {
    return this.#refreshes.join(reader, () => this.#refresh(reader, logged));
  }

  /**
   * Whether a refresh reads the shard logs and, at most, what the last few seconds have changed:
   * no shard has to be read in full.
   * @param now milliseconds since 1970
   */
  isWarm(now: number): boolean {
    const [from, to] = this.#warm ?? [now, Number.NEGATIVE_INFINITY];
    return from <= now && now <= to;
  }

  /**
   * All providers as they were last read, without reading anything: changes since then are missing.
   * @param now milliseconds since 1970
   * @param age milliseconds since that reading began, at most
   */
  lately(now: number, age: number): View | undefined {
    const [from] = this.#warm ?? [Number.NEGATIVE_INFINITY];
    return this.#isTrusted && this.isWarm(now) && now - from <= age ? this.#view : undefined;
  }

  /** What was remembered has misled a write: the next one reads. */
  distrust(): void {
    this.#isTrusted = false;
  }

  #warmAfter(view: View, began: number): Span {
    const full = view.shards.map((shard) => (shard?.fullAt ?? 0) + this.#maxAge);
    return [began, Math.min(began + WARM, ...full)];
  }

  async #refresh(reader: Reader, logged: boolean): Promise<View> {
    this.#sequence += 1;
    const began = reader.clock.now();
    const view = await refresh(reader, this.#view, {
      sequence: this.#sequence,
      logged,
      maxAge: this.#maxAge,
      interner: this.#interner,
    });
    // A view that a later refresh overtook is valid for its own request, but older than the
    // cached one.
    if (view.sequence > this.#view.sequence) {
      this.#view = view;
      this.#isTrusted = true;
      this.#warm = logged ? this.#warmAfter(view, began) : undefined;
    }
    return view;
  }
}
