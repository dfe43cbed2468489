/** Reads of inventories say an unknown provider twice, as Placement's do. */
export function repeated(sentence: string): string {
  return `${sentence} : ${sentence}`;
}
