/** What happens now, and how the service is. */
import { useMemo } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { matching } from "../../model/event-filter.ts";
import { perMinute } from "../../model/per-minute.ts";
import { plural } from "../../model/units.ts";
import { Field, Panel } from "../../parts/fields.tsx";
import { Busy, Empty } from "../../parts/states.tsx";
import { setQuery } from "../navigation.ts";
import { ChangesCurve } from "./changes-curve.tsx";
import { EventTable } from "./event-table.tsx";
import { StatusPanels } from "./status-panels.tsx";

interface Props {
  readonly query: Readonly<Record<string, string>>;
}

const MINUTES = 15;

export function HealthView({ query: { text = "" } }: Props) {
  const { events, fleet, now } = useApp();
  const all = events.events.value;
  const state = events.state.value;
  const shown = useMemo(
    () => matching(all, text, (uuid) => fleet.nameOf(uuid)),
    [all, text, fleet],
  );
  const counts = useMemo(() => perMinute(all, now.value, MINUTES), [all, now.value]);
  return (
    <>
      <h1>Health</h1>
      <Panel
        title={`What changed: ${plural(shown.length, "event")}`}
        aside={
          <Field
            label="Filter"
            type="search"
            value={text}
            set={(value) => setQuery("health", { text: value })}
            hint="who, what, id"
          />
        }
      >
        {state === "off" && (
          <Empty>The service keeps no feed of events (the setting events, or historyDays 0).</Empty>
        )}
        {state === "forbidden" && (
          <Empty>You may not follow events: the rule is placement:events:list.</Empty>
        )}
        {state === "connecting" && all.length === 0 && (
          <Busy>Reading the last {MINUTES} minutes…</Busy>
        )}
        {state === "live" && all.length === 0 && (
          <Empty>Nothing has changed in the last {MINUTES} minutes.</Empty>
        )}
        {shown.length > 0 && (
          <EventTable events={shown} label="Events, the newest first" most={16} />
        )}
      </Panel>
      <Panel title="Changes a minute">
        <ChangesCurve counts={counts} />
      </Panel>
      <StatusPanels />
    </>
  );
}
