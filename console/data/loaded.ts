/** What is being read, was read, or could not be. */

export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly value: T }
  | { readonly state: "failed"; readonly error: unknown };

export const LOADING = { state: "loading" } as const;
