/** A table of any length: only rows in sight are elements. */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useVirtualRows } from "./virtual-rows.ts";

export interface Column<Row> {
  readonly title: string;
  /** Of the grid, such as `1fr` or `9rem`. */
  readonly width: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
}

interface Props<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** Rows in sight at most; the table is as low as its rows. */
  readonly most?: number;
}

const ROW = 30;

export function DataTable<Row>({ label, rows, columns, keyOf, most = 16 }: Props<Row>) {
  const frame = useRef<HTMLDivElement>(null);
  const { items, height } = useVirtualRows(frame, rows.length, ROW);
  const grid = { gridTemplateColumns: columns.map(({ width }) => width).join(" ") };
  const shown = Math.min(rows.length, most) * ROW + ROW + 2;
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of a real table cannot be placed
    <div
      ref={frame}
      role="table"
      class="table"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      style={{ height: `${shown}px` }}
    >
      <div role="presentation" class="table-inner">
        {/* biome-ignore lint/a11y/useFocusableInteractive: a row is no widget */}
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div role="row" aria-rowindex={1} class="table-row table-head" style={grid}>
          {columns.map(({ title, isNumber }) => (
            // biome-ignore lint/a11y/useSemanticElements: as above
            // biome-ignore lint/a11y/useFocusableInteractive: as above
            <span role="columnheader" key={title} class={isNumber ? "number" : ""}>
              {title}
            </span>
          ))}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div role="rowgroup" class="table-body" style={{ height: `${height}px` }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const style = { ...grid, transform: `translateY(${start}px)` };
            return (
              // biome-ignore lint/a11y/useSemanticElements: as above
              // biome-ignore lint/a11y/useFocusableInteractive: as above
              <div
                role="row"
                aria-rowindex={index + 2}
                key={keyOf(row)}
                class="table-row"
                style={style}
              >
                {columns.map(({ title, isNumber, cell }) => (
                  // biome-ignore lint/a11y/useSemanticElements: as above
                  <span role="cell" key={title} class={isNumber ? "number" : ""}>
                    {cell(row)}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
