/** Who holds what on a tree, by any class. */
import { useMemo, useState } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { type OwnerOf, readOwners } from "../../data/owners.ts";
import type { Holder, ProviderTree } from "../../data/provider-data.ts";
import { useLoaded } from "../../data/use-loaded.ts";
import { grouped } from "../../model/grouped.ts";
import { amount, exactAmount, plural } from "../../model/units.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Choice, Panel } from "../../parts/fields.tsx";
import { ConsumerLink, When } from "../../parts/links.tsx";
import { Empty } from "../../parts/states.tsx";

interface Row {
  readonly consumer: string;
  readonly resources: Readonly<Record<string, number>>;
  readonly owner: OwnerOf | undefined;
}

/** Columns of classes; others are in the consumer's own view. */
const MAX_CLASSES = 6;

export function Holders({ tree }: { readonly tree: ProviderTree }) {
  const { client } = useApp();
  const used = [...new Set(tree.holders.map(({ provider }) => provider))].sort();
  const key = tree.holders
    .map(({ consumer }) => consumer)
    .sort()
    .join();
  const { loaded } = useLoaded(`${used.join()} ${key}`, () => readOwners(client, used));
  const owners = loaded.state === "ready" ? loaded.value : undefined;
  const [by, setBy] = useState("");
  const rows = useMemo(() => rowsOf(tree.holders, owners), [tree, owners]);
  const classes = useMemo(() => classesOf(rows), [rows]);
  const first = by === "" ? (classes[0] ?? "") : by;
  const sorted = rows.toSorted((a, b) => (b.resources[first] ?? 0) - (a.resources[first] ?? 0));
  const options = classes.map((name) => [name, name] as const);
  return (
    <Panel
      title={`Who holds it: ${plural(rows.length, "consumer")}${tree.isCut ? " of more" : ""}`}
      aside={
        rows.length > 1 ? (
          <Choice label="Most first of" value={first} set={setBy} options={options} />
        ) : undefined
      }
    >
      {rows.length === 0 ? (
        <Empty>Nobody holds anything here.</Empty>
      ) : (
        <DataTable
          label="Who holds what"
          rows={sorted}
          columns={columnsOf(classes)}
          keyOf={({ consumer }) => consumer}
        />
      )}
      {loaded.state === "ready" && owners === undefined && (
        <p class="faint">
          You may not list consumers of all projects: whose they are is not shown.
        </p>
      )}
    </Panel>
  );
}

function rowsOf(
  holders: readonly Holder[],
  owners: ReadonlyMap<string, OwnerOf> | undefined,
): Row[] {
  const byConsumer = grouped(holders, ({ consumer }) => consumer);
  return [...byConsumer].map(([consumer, held]) => {
    const resources: Record<string, number> = {};
    for (const each of held) {
      for (const [name, value] of Object.entries(each.resources)) {
        resources[name] = (resources[name] ?? 0) + value;
      }
    }
    return { consumer, resources, owner: owners?.get(consumer) };
  });
}

const classesOf = (rows: readonly Row[]): readonly string[] =>
  [...new Set(rows.flatMap(({ resources }) => Object.keys(resources)))]
    .sort()
    .slice(0, MAX_CLASSES);

function columnsOf(classes: readonly string[]): readonly Column<Row>[] {
  return [
    {
      title: "Consumer",
      width: "minmax(19rem, 1.4fr)",
      cell: ({ consumer }) => <ConsumerLink uuid={consumer} />,
    },
    ...classes.map(
      (name): Column<Row> => ({
        title: name,
        width: "minmax(6rem, 0.5fr)",
        isNumber: true,
        cell: ({ resources }) => {
          const value = resources[name];
          return value === undefined ? (
            ""
          ) : (
            <span title={exactAmount(name, value)}>{amount(name, value)}</span>
          );
        },
      }),
    ),
    { title: "Project", width: "minmax(7rem, 1fr)", cell: ({ owner }) => owner?.project ?? "" },
    { title: "Type", width: "7rem", cell: ({ owner }) => owner?.type ?? "" },
    { title: "There since", width: "8rem", cell: ({ owner }) => <When time={owner?.created} /> },
  ];
}
