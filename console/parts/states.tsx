/** What stands where there is nothing to show yet, or nothing at all. */
import type { ComponentChildren } from "preact";
import type { Loading } from "../data/use-loaded.ts";
import { Problem } from "./problem.tsx";

export function Busy({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class="busy" role="status">
      <span class="spinner" aria-hidden="true" />
      {children}
    </div>
  );
}

export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}

interface Props<T> {
  readonly of: Loading<T>;
  readonly what: string;
  readonly children: (value: T) => ComponentChildren;
}

/** The value, or that it is being read, or why it could not be. */
export function Shown<T>({ of: { loaded, again }, what, children }: Props<T>) {
  if (loaded.state === "loading") return <Busy>Reading {what}…</Busy>;
  if (loaded.state === "failed") return <Problem error={loaded.error} again={again} />;
  return <>{children(loaded.value)}</>;
}
