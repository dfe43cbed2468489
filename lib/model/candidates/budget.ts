/**
 * The bound on the work of one request, in search steps. A step is about one check of one
 * provider for one group, so that a bound corresponds to a time for all providers and
 * requests.
 */
export class Budget {
  readonly #max: number;
  #spent = 0;
  #cut = false;

  constructor(max: number) {
    this.#max = max;
  }

  get spent(): number {
    return this.#spent;
  }

  get exhausted(): boolean {
    return this.#spent >= this.#max;
  }

  spend(steps: number): void {
    this.#spent += steps;
  }

  /** Whether work was omitted since the budget was exhausted. */
  get wasCut(): boolean {
    return this.#cut;
  }

  cut(): void {
    this.#cut = true;
  }
}
