/**
 * The ceiling on the work of one request. A step is about one look at one
 * provider for one group, so that a ceiling stands for a time whatever the
 * providers and the request look like.
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

  /** Whether something was left undone since it was exhausted. */
  get wasCut(): boolean {
    return this.#cut;
  }

  cut(): void {
    this.#cut = true;
  }
}
