/** Capacity, reserved, used and free by class, of all roots that are shown. */
import { useMemo } from "preact/hooks";
import type { Tree } from "../../model/fleet.ts";
import { freeOf, totalOf, usedPart } from "../../model/sums.ts";
import { amount, exactAmount, percent } from "../../model/units.ts";

export function Totals({ trees }: { readonly trees: readonly Tree[] }) {
  const sums = useMemo(() => [...totalOf(trees.map((tree) => tree.sums))].sort(), [trees]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard
    <section class="scrolls" tabIndex={0} aria-label="Totals by class">
      <table>
        <thead>
          <tr>
            {["Class", "Capacity", "Reserved", "Used", "Free", ""].map((title, index) => (
              <th key={title} class={index > 0 ? "number" : ""} scope="col">
                {title === "" ? "Part" : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sums.map(([name, sum]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {[sum.capacity, sum.reserved, sum.used, freeOf(sum)].map((value, index) => (
                <td key={index} class="number" title={exactAmount(name, value)}>
                  {amount(name, value)}
                </td>
              ))}
              <td class="number">{percent(usedPart(sum))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
