/** Items as the document client shows them, and their keys. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Key & { readonly [attribute: string]: unknown };

export function keyText(key: Key): string {
  return `${key.pk}\n${key.sk}`;
}
