/** Requests of a local server: how fast, and what was refused. */
import type { AnswerOf } from "../../../lib/client/types.ts";
import { exact, plural } from "../../model/units.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Panel } from "../../parts/fields.tsx";
import { When } from "../../parts/links.tsx";
import { Empty } from "../../parts/states.tsx";

type Status = AnswerOf<"status/show", "1.39">["body"];
type Requests = NonNullable<Status["requests"]>;
type Operation = Requests["by_operation"][number];
type Refused = Requests["refusals"][number];

const ms = (value: number | null) => (value === null ? "–" : `${value.toFixed(1)} ms`);

const OPERATIONS: readonly Column<Operation>[] = [
  { title: "Operation", width: "minmax(14rem, 1fr)", cell: ({ operation }) => operation },
  { title: "Requests", width: "6rem", isNumber: true, cell: ({ count }) => exact(count) },
  { title: "Failed", width: "5rem", isNumber: true, cell: ({ errors }) => exact(errors) },
  { title: "Half within", width: "6rem", isNumber: true, cell: ({ p50_ms }) => ms(p50_ms) },
  { title: "99 % within", width: "6rem", isNumber: true, cell: ({ p99_ms }) => ms(p99_ms) },
];

const REFUSALS: readonly Column<Refused>[] = [
  { title: "Status", width: "4rem", cell: ({ status }) => status },
  { title: "Code", width: "minmax(14rem, 1fr)", cell: ({ code }) => code || "none of its own" },
  { title: "Times", width: "5rem", isNumber: true, cell: ({ count }) => exact(count) },
];

export function RequestsPanels({ status: { requests } }: { readonly status: Status }) {
  if (requests === null) return null;
  const { by_operation: operations, refusals, since } = requests;
  const keyOf = ({ status, code }: Refused) => `${status} ${code}`;
  return (
    <div class="columns">
      <Panel
        title="How fast it answers"
        aside={
          <span class="faint">
            since <When time={since} />
          </span>
        }
      >
        {operations.length === 0 ? (
          <Empty>Nothing was asked yet.</Empty>
        ) : (
          <DataTable
            label="Requests by operation"
            rows={operations}
            columns={OPERATIONS}
            keyOf={({ operation }) => operation}
            most={10}
          />
        )}
      </Panel>
      <Panel title={`Conflicts and refusals: ${plural(sumOf(refusals), "time")}`}>
        {refusals.length === 0 ? (
          <Empty>Nothing was refused.</Empty>
        ) : (
          <DataTable
            label="Refusals by code"
            rows={refusals}
            columns={REFUSALS}
            keyOf={keyOf}
            most={10}
          />
        )}
      </Panel>
    </div>
  );
}

const sumOf = (refusals: readonly Refused[]) => refusals.reduce((sum, { count }) => sum + count, 0);
