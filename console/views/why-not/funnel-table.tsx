/** The conditions of a group, one below the other, with the roots that each left. */
import type { Funnel } from "../../model/explanation.ts";
import { exact, plural } from "../../model/units.ts";

export function FunnelTable({ funnel: { title, steps } }: { readonly funnel: Funnel }) {
  const most = Math.max(1, ...steps.map(({ trees = 0, removed }) => trees + removed));
  return (
    <table class="funnel">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Condition</th>
          <th scope="col">Roots left</th>
          <th scope="col" class="number">
            Removed
          </th>
        </tr>
      </thead>
      <tbody>
        {steps.map(({ condition, trees, providers, removed, isEnd, isSatisfied }) => (
          <tr key={condition} class={isEnd ? "end" : ""}>
            <th scope="row">{condition}</th>
            <td>
              <div class="funnel-bar" aria-hidden="true">
                <span class="left" style={{ width: `${(100 * (trees ?? 0)) / most}%` }} />
                <span class="gone" style={{ width: `${(100 * removed) / most}%` }} />
              </div>
              <span>
                {trees === undefined ? (isSatisfied ? "satisfied" : "not known") : exact(trees)}
                {providers === undefined ? "" : ` (${plural(providers, "provider")})`}
              </span>
            </td>
            <td class="number">{removed === 0 ? "–" : `− ${exact(removed)}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
