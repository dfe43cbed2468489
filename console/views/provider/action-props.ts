/** What a change of a provider starts from. */
import type { Provider } from "../../model/provider.ts";

export interface ActionProps {
  readonly provider: Provider;
  readonly tree: readonly Provider[];
  /** Reads the tree once more. */
  readonly again: () => void;
}
