/** All inventories of a provider, as a table of numbers. */
import { useState } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { planned } from "../../data/planned.ts";
import { documentOf, type InventoryRow, NEW_ROW, rowsOf } from "../../model/inventory-rows.ts";
import { RequestDialog } from "../../parts/request-dialog.tsx";
import type { ActionProps } from "./action-props.ts";

interface Props extends ActionProps {
  readonly close: () => void;
}

const COLUMNS = [
  ["resourceClass", "Class"],
  ["total", "Total"],
  ["reserved", "Reserved"],
  ["allocation_ratio", "Ratio"],
  ["min_unit", "Least"],
  ["max_unit", "Most"],
  ["step_size", "Step"],
] as const;

export function InventoriesDialog({ provider, again, close }: Props) {
  const { client } = useApp();
  const [{ uuid, name, generation, inventories }] = useState(provider);
  const [rows, setRows] = useState<readonly InventoryRow[]>(() => rowsOf(inventories));
  const wanted = documentOf(rows);
  const set = (at: number, member: keyof InventoryRow, value: string) =>
    setRows(rows.map((row, index) => (index === at ? { ...row, [member]: value } : row)));
  const requests =
    wanted === undefined
      ? undefined
      : [
          planned(client, "inventories/replace", {
            parameters: { uuid },
            body: { resource_provider_generation: generation, inventories: wanted },
          }),
        ];
  return (
    <RequestDialog
      title={`Set inventories of ${name}`}
      requests={requests}
      action="Set inventories"
      success={`The inventories of ${name} are set.`}
      done={again}
      close={close}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard */}
      <section class="scrolls" tabIndex={0} aria-label="Inventories">
        <table>
          <thead>
            <tr>
              {COLUMNS.map(([member, title]) => (
                <th key={member} scope="col">
                  {title}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {COLUMNS.map(([member, title]) => (
                  <td key={member}>
                    <input
                      class={member === "resourceClass" ? "name" : "figure"}
                      aria-label={`${title} of ${row.resourceClass || "the new class"}`}
                      value={row[member]}
                      onInput={(event) => set(index, member, event.currentTarget.value)}
                    />
                  </td>
                ))}
                <td>
                  <button
                    type="button"
                    class="quiet"
                    aria-label={`Remove ${row.resourceClass || "the new class"}`}
                    onClick={() => setRows(rows.filter((_, at) => at !== index))}
                  >
                    ✕
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <button type="button" onClick={() => setRows([...rows, NEW_ROW])}>
        Add a class
      </button>
      {wanted === undefined && <p class="warning">Every row needs a class and numbers.</p>}
    </RequestDialog>
  );
}
