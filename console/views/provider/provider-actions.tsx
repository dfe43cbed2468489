/** What an administrator may change of a provider. */
import { useState } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { drainedIn } from "../../data/drained.ts";
import type { ActionProps } from "./action-props.ts";
import { DrainDialog, UndrainDialog } from "./drain-dialog.tsx";
import { InventoriesDialog } from "./inventories-dialog.tsx";
import { AggregatesDialog, TraitsDialog } from "./names-dialog.tsx";

type Open = "inventories" | "traits" | "aggregates" | "drain" | "undrain";

export function ProviderActions(props: ActionProps) {
  const { mayChange, config } = useApp();
  const [open, setOpen] = useState<Open>();
  if (!mayChange.value) return null;
  const close = () => setOpen(undefined);
  const remembered = drainedIn(localStorage, config.api).all();
  const isDrained = props.tree.some(({ uuid }) => remembered[uuid] !== undefined);
  const button = (name: Open, text: string) => (
    <button type="button" onClick={() => setOpen(name)}>
      {text}
    </button>
  );
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: these are buttons, not fields */}
      <div class="actions" role="group" aria-label={`Changes of ${props.provider.name}`}>
        {button("inventories", "Inventories…")}
        {button("traits", "Traits…")}
        {button("aggregates", "Aggregates…")}
        {button("drain", "Drain…")}
        {isDrained && button("undrain", "Undo the drain…")}
      </div>
      {open === "inventories" && <InventoriesDialog {...props} close={close} />}
      {open === "traits" && <TraitsDialog {...props} close={close} />}
      {open === "aggregates" && <AggregatesDialog {...props} close={close} />}
      {open === "drain" && <DrainDialog {...props} close={close} />}
      {open === "undrain" && <UndrainDialog {...props} close={close} />}
    </>
  );
}
