/** Candidates on the fleet, and the funnel of the explanation. */
import { useMemo } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import type { Candidates } from "../../data/candidates-data.ts";
import { funnelsOf, reasonOf } from "../../model/explanation.ts";
import { byName, shownPart } from "../../model/filters.ts";
import { percent, plural, resourcesText } from "../../model/units.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Panel } from "../../parts/fields.tsx";
import type { Cell } from "../../parts/heat-map/cell.ts";
import { HeatMap } from "../../parts/heat-map/heat-map.tsx";
import { ProviderLink } from "../../parts/links.tsx";
import { FunnelTable } from "./funnel-table.tsx";

interface Props {
  readonly candidates: Candidates;
  readonly again: () => void;
}

export function Answer({ candidates, again }: Props) {
  const { fleet } = useApp();
  const version = fleet.version.value;
  const trees = useMemo(() => byName(fleet.fleet.trees()), [fleet, version]);
  const roots = useMemo(() => new Set(candidates.roots.flat()), [candidates]);
  // Until all are read, it is not known how many the first condition removed.
  const allRoots = fleet.load$.value.state === "ready" ? trees.length : 0;
  const funnels =
    candidates.explanation === undefined ? [] : funnelsOf(candidates.explanation, allRoots);
  const groups = useMemo(() => {
    const members = trees.map((tree): Cell => {
      const part = shownPart(tree, "");
      const isDimmed = !roots.has(tree.uuid);
      const words = `${isDimmed ? "no candidate" : "a candidate"}; ${percent(part)} of its tightest class is used`;
      return { uuid: tree.uuid, name: tree.name, part, words, isDimmed };
    });
    return [{ name: "", members }];
  }, [trees, roots]);
  const count = candidates.requests.length;
  return (
    <>
      <div class={count === 0 ? "verdict none" : "verdict"} role="status">
        <strong>
          {count === 0
            ? "Nobody can take it."
            : `${plural(count, "candidate")} on ${plural(roots.size, "root")}.`}
        </strong>{" "}
        {count === 0 ? reasonOf(funnels) : ""}
        {candidates.truncated &&
          ` The search ended at a bound (${candidates.truncated}): there may be more.`}
        {candidates.explanation?.complete === false &&
          " The explanation is not complete: its bound was reached."}
        <button type="button" class="quiet" onClick={again}>
          Ask again
        </button>
      </div>
      <Panel title="What each condition left">
        {funnels.map((funnel) => (
          <FunnelTable key={funnel.title} funnel={funnel} />
        ))}
      </Panel>
      {count > 0 && (
        <div class="columns">
          <Panel title="Candidates on the fleet">
            <HeatMap
              groups={groups}
              label={`Heat map; ${plural(roots.size, "root")} with candidates stand out`}
            />
          </Panel>
          <Panel title="Candidates">
            <DataTable
              label="Candidates"
              rows={candidates.requests}
              columns={COLUMNS}
              keyOf={keyOf}
            />
          </Panel>
        </div>
      )}
    </>
  );
}

type Request = Candidates["requests"][number];

const keyOf = (request: Request) => JSON.stringify([request.allocations, request.mappings]);

const COLUMNS: readonly Column<Request>[] = [
  {
    title: "From",
    width: "1fr",
    cell: ({ allocations }) =>
      Object.entries(allocations).map(([uuid, { resources }]) => (
        <span key={uuid} class="amount">
          {resourcesText(resources)} of <ProviderLink uuid={uuid} />{" "}
        </span>
      )),
  },
];
