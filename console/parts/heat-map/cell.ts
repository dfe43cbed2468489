/** A root on the heat map. */
export interface Cell {
  readonly uuid: string;
  readonly name: string;
  /** The used part of what is shown; null: nothing can be said. */
  readonly part: number | null;
  /** What is said of it where it is pointed at: `98 % of MEMORY_MB`. */
  readonly words: string;
  readonly isDimmed: boolean;
}
