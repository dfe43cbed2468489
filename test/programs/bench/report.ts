/** Figures as tables for people. */

export type Cell = string | number;

export function heading(text: string): void {
  console.log(`\n${text}\n`);
}

export function table(columns: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const texts = [columns, ...rows.map((row) => row.map(cellText))];
  const widths = columns.map((_, n) => Math.max(...texts.map((row) => (row[n] ?? "").length)));
  for (const [index, row] of texts.entries()) {
    const cells = row.map((text, n) =>
      n === 0 ? text.padEnd(widths[n] ?? 0) : text.padStart(widths[n] ?? 0),
    );
    console.log(`| ${cells.join(" | ")} |`);
    if (index === 0) console.log(`|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`);
  }
}

function cellText(cell: Cell): string {
  if (typeof cell === "string") return cell;
  if (Number.isInteger(cell)) return cell.toLocaleString("en");
  if (cell >= 100) return cell.toFixed(0);
  return cell >= 1 ? cell.toFixed(1) : cell.toFixed(3);
}

const missed: string[] = [];

/** `yes`, or `no`: then the program ends with status 1. */
export function target(what: string, value: number, most: number): string {
  if (value <= most) return "yes";
  missed.push(`${what}: ${cellText(value)}, to reach ${cellText(most)}`);
  return "no";
}

/** The same for what has to be at least so much. */
export function targetAtLeast(what: string, value: number, least: number): string {
  if (value >= least) return "yes";
  missed.push(`${what}: ${cellText(value)}, to reach ${cellText(least)}`);
  return "no";
}

export function missedTargets(): readonly string[] {
  return missed;
}
