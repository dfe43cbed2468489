/** Roots, the fullest first: which is it, and of what. */
import { shownPart } from "../../model/filters.ts";
import type { Tree } from "../../model/fleet.ts";
import { freeOf } from "../../model/sums.ts";
import { amount, exactAmount, percent } from "../../model/units.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { ProviderLink } from "../../parts/links.tsx";

interface Props {
  readonly trees: readonly Tree[];
  readonly chosen: string;
}

export function TightestTable({ trees, chosen }: Props) {
  const nameOf = (tree: Tree) => (chosen === "" ? (tree.tightest?.resourceClass ?? "") : chosen);
  const columns: readonly Column<Tree>[] = [
    {
      title: "Root",
      width: "minmax(10rem, 1fr)",
      cell: ({ uuid, name }) => <ProviderLink {...{ uuid, name }} />,
    },
    { title: "Class", width: "6.6rem", cell: nameOf },
    {
      title: "Used",
      width: "3.2rem",
      isNumber: true,
      cell: (tree) => percent(shownPart(tree, chosen)),
    },
    {
      title: "Free",
      width: "4.6rem",
      isNumber: true,
      cell: (tree) => {
        const name = nameOf(tree);
        const sum = tree.sums.get(name);
        if (sum === undefined) return "–";
        return <span title={exactAmount(name, freeOf(sum))}>{amount(name, freeOf(sum))}</span>;
      },
    },
  ];
  return (
    <DataTable
      label="Roots, the fullest first"
      rows={trees}
      columns={columns}
      keyOf={({ uuid }) => uuid}
      most={12}
    />
  );
}
