/** Whether the events of a stack are fed. */
import { DEFAULT_CONFIGURATION } from "../lib/api/configuration.ts";
import { BadSettings } from "./bad-settings.ts";
import type { PlacementApiProps } from "./placement-api-props.ts";

type Given = Pick<PlacementApiProps, "events" | "historyDays" | "table">;

/**
 * Unless they are switched off, and unless there are none. A table that is given without its stream
 * feeds none.
 * @throws BadSettings if they are asked for where they cannot be fed
 */
export function isFed({ events, historyDays, table }: Given): boolean {
  const days = historyDays ?? DEFAULT_CONFIGURATION.historyDays;
  const isStreamed = table === undefined || table.tableStreamArn !== undefined;
  if (events === true && days === 0) {
    throw new BadSettings("events need a history: historyDays is 0");
  }
  if (events === true && !isStreamed) {
    throw new BadSettings("events need the stream of the given table: set tableStreamArn");
  }
  return (events ?? DEFAULT_CONFIGURATION.events) && days > 0 && isStreamed;
}

/** @throws BadSettings if the stream is not of the table that is given */
export function checkStream(table: string | undefined, streamArn: string | undefined): void {
  if (streamArn === undefined) return;
  if (table === undefined) {
    throw new BadSettings("tableStreamArn is of a table that is given: set tableName");
  }
  if (!streamArn.includes(`:table/${table}/stream/`)) {
    throw new BadSettings("tableStreamArn is of another table than tableName");
  }
}
