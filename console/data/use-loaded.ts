/** Reads something when a view is shown, and again when it is asked to. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { LOADING, type Loaded } from "./loaded.ts";

export interface Loading<T> {
  readonly loaded: Loaded<T>;
  /** Reads once more; what is shown stays meanwhile. */
  readonly again: () => void;
}

/** @param key of what is read: another one begins anew */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loading<T> {
  const [state, setState] = useState<{ readonly key: string; readonly loaded: Loaded<T> }>();
  const run = useRef(0);
  /** Of which reading the result is shown; those before it come too late. */
  const shown = useRef(0);
  const latest = useRef(load);
  latest.current = load;
  const again = useCallback(() => {
    run.current += 1;
    const mine = run.current;
    const show = (loaded: Loaded<T>) => {
      if (mine <= shown.current) return;
      shown.current = mine;
      setState({ key, loaded });
    };
    latest.current().then(
      (value) => show({ state: "ready", value }),
      (error: unknown) => show({ state: "failed", error }),
    );
  }, [key]);
  useEffect(() => {
    again();
    return () => {
      shown.current = run.current;
    };
  }, [again]);
  return { loaded: state?.key === key ? state.loaded : LOADING, again };
}
