/** The figures as Markdown. */
import { type Cell, heading, table } from "../report.ts";
import type { Figures } from "./figures.ts";
import { type Judged, judge } from "./targets.ts";

const MAX_SHOWN_ERRORS = 5;

const COLUMNS = [
  ...["operation", "ours a second", "peer's", "ratio", "least", "greatest"],
  ...["ours p50 ms", "p99 ms", "peer's p50 ms", "p99 ms", "load ms", "retries", "errors"],
];

export function printFigures(clients: number, all: readonly Figures[]): void {
  heading(`${clients} ${clients === 1 ? "client" : "clients"}`);
  table(COLUMNS, all.map(rowOf));
  for (const { operation, errors } of all.filter((each) => each.errors.length > 0)) {
    console.log(`\nerrors of ${operation.name}, whose slices do not count:`);
    for (const error of errors.slice(0, MAX_SHOWN_ERRORS))
      console.log(`- ${error.side}: ${error.text}`);
  }
}

function rowOf(row: Figures): Cell[] {
  const { operation, ours, peer, ratio, least, greatest, loadTime, errors, retries } = row;
  const figures = [
    ...[ours.rate, peer.rate, ratio, least, greatest],
    ...[ours.p50, ours.p99, peer.p50, peer.p99, loadTime],
  ];
  return [operation.name, ...figures.map(figureText), retries, errors.length];
}

function figureText(figure: number): Cell {
  return Number.isNaN(figure) ? "none" : figure;
}

/** @returns what is missed */
export function printTargets(all: readonly Figures[]): readonly Judged[] {
  const judged = all.flatMap(judge);
  heading("Targets");
  if (judged.length === 0) {
    console.log("None is judged with fewer than 8 clients.");
    return [];
  }
  const rows = judged.map(({ what, value, target, met }) => {
    return [what, figureText(value), target, met ? "yes" : "no"];
  });
  table(["what", "measured", "target", "met"], rows);
  const missed = judged.filter(({ met }) => !met);
  console.log(`\n${judged.length - missed.length} of ${judged.length} targets are met.`);
  return missed;
}
