/** All roots as a heat map and as a list, with filters and totals. */
import { useMemo } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { byName, byTightness, filterTrees, namesIn, shownPart } from "../../model/filters.ts";
import type { Tree } from "../../model/fleet.ts";
import { amount, exact, percent, plural } from "../../model/units.ts";
import { Choice, Field, Panel } from "../../parts/fields.tsx";
import type { Cell } from "../../parts/heat-map/cell.ts";
import { HeatMap } from "../../parts/heat-map/heat-map.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Busy, Empty } from "../../parts/states.tsx";
import { setQuery } from "../navigation.ts";
import { CreateProvider } from "../provider/create-provider.tsx";
import { groupsOf } from "./groups.ts";
import { Legend } from "./legend.tsx";
import { TightestTable } from "./tightest-table.tsx";
import { Totals } from "./totals.tsx";

interface Props {
  readonly query: Readonly<Record<string, string>>;
}

export function FleetView({ query }: Props) {
  const { fleet } = useApp();
  const version = fleet.version.value;
  const load = fleet.load$.value;
  const { class: chosen = "", text = "", trait = "", aggregate = "", by = "" } = query;
  const trees = useMemo(() => fleet.fleet.trees(), [fleet, version]);
  const names = useMemo(() => namesIn(trees), [trees]);
  const shown = useMemo(
    () => filterTrees(trees, { text, trait, aggregate }),
    [trees, text, trait, aggregate],
  );
  const ordered = useMemo(() => byTightness(shown, chosen), [shown, chosen]);
  const groups = useMemo(
    () =>
      groupsOf(byName(shown), by).map((group) => ({
        ...group,
        members: group.members.map(cellOf(chosen)),
      })),
    [shown, by, chosen],
  );
  const set = (name: string) => (value: string) => setQuery("fleet", { ...query, [name]: value });
  const classes = names.classes.map((name) => [name, name] as const);
  return (
    <>
      <div class="view-head">
        <h1>Fleet</h1>
        <p class="count" role="status">
          {load.state === "loading"
            ? `Reading… ${plural(fleet.fleet.size, "provider")} so far`
            : `${exact(shown.length)} of ${plural(trees.length, "root")}, ${plural(fleet.fleet.size, "provider")} in all`}
        </p>
        {load.state === "loading" && <progress aria-label="Reading the fleet" />}
        <CreateProvider />
      </div>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <Choice
          label="Colour by"
          value={chosen}
          set={set("class")}
          options={[["", "tightest class"], ...classes]}
        />
        <Field label="Name or uuid" type="search" value={text} set={set("text")} hint="any part" />
        <Field
          label="Trait"
          value={trait}
          set={set("trait")}
          names={names.traits}
          hint="! before it: without"
        />
        <Field
          label="Aggregate"
          value={aggregate}
          set={set("aggregate")}
          names={names.aggregates}
          hint="uuid"
        />
        <Choice
          label="Group by"
          value={by}
          set={set("by")}
          options={[
            ["", "nothing"],
            ["aggregate", "aggregate"],
          ]}
        />
      </form>
      {load.state === "failed" && <Problem error={load.error} again={() => void fleet.load()} />}
      {trees.length === 0 && load.state === "loading" && <Busy>Reading the first providers…</Busy>}
      {trees.length === 0 && load.state === "ready" && (
        <Empty>
          There are no resource providers yet. nova-compute creates them, or you do, above.
        </Empty>
      )}
      {trees.length > 0 && shown.length === 0 && <Empty>No root passes these filters.</Empty>}
      {shown.length > 0 && (
        <div class="columns fleet">
          <Panel
            title={chosen === "" ? "Use of the tightest class" : `Use of ${chosen}`}
            aside={<Legend />}
          >
            <HeatMap groups={groups} label={`Heat map of ${plural(shown.length, "root")}`} />
          </Panel>
          <div class="stack">
            <Panel title="Fullest first">
              <TightestTable trees={ordered} chosen={chosen} />
            </Panel>
            <Panel title="In all">
              <Totals trees={shown} />
            </Panel>
          </div>
        </div>
      )}
    </>
  );
}

const cellOf =
  (chosen: string) =>
  (tree: Tree): Cell => {
    const part = shownPart(tree, chosen);
    return {
      uuid: tree.uuid,
      name: tree.name,
      part,
      words: wordsOf(tree, chosen),
      isDimmed: false,
    };
  };

function wordsOf(tree: Tree, chosen: string): string {
  const name = chosen === "" ? tree.tightest?.resourceClass : chosen;
  const sum = name === undefined ? undefined : tree.sums.get(name);
  if (name === undefined || sum === undefined) return "nothing can be allocated";
  const part = shownPart(tree, name);
  return `${percent(part)} of ${name} used: ${amount(name, sum.used)} of ${amount(name, sum.capacity)}`;
}
