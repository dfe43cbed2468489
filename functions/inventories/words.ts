/** Reads of inventories repeat the message about an unknown provider, as Placement does. */
export function repeated(sentence: string): string {
  return `${sentence} : ${sentence}`;
}
