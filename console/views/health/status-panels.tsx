/** What the service says of itself. */
import { useEffect } from "preact/hooks";
import type { AnswerOf } from "../../../lib/client/types.ts";
import { useApp } from "../../data/app.ts";
import { useLoaded } from "../../data/use-loaded.ts";
import { duration, exact, plural } from "../../model/units.ts";
import { Panel } from "../../parts/fields.tsx";
import { When } from "../../parts/links.tsx";
import { Empty, Shown } from "../../parts/states.tsx";
import { RequestsPanels } from "./requests-panels.tsx";

export type Status = AnswerOf<"status/show", "1.39">["body"];

/** Milliseconds between two readings. */
const EACH = 5_000;

export function StatusPanels() {
  const { client } = useApp();
  const loading = useLoaded("status", async () => (await client.call("status/show", {})).body);
  const { again } = loading;
  useEffect(() => {
    const polling = setInterval(again, EACH);
    return () => clearInterval(polling);
  }, [again]);
  return (
    <Shown of={loading} what="the status">
      {(status) => (
        <>
          <Panel title="How it is">
            <Lags status={status} />
          </Panel>
          <LargeChanges status={status} />
          <RequestsPanels status={status} />
        </>
      )}
    </Shown>
  );
}

function Lags({ status }: { readonly status: Status }) {
  const { leases, events, verification, release, scope } = status;
  const { config } = useApp();
  return (
    <dl class="facts">
      <div>
        <dt>Release</dt>
        <dd>{release}</dd>
      </div>
      <div>
        <dt>Release of expired leases</dt>
        <dd>
          {lagText(leases.lag_seconds)}
          {leases.held_until !== null && (
            <>
              , held: ends <When time={leases.held_until} />
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Feed of events</dt>
        <dd>
          {events === null ? "off" : lagText(events.lag_seconds)}
          {events !== null && events.appended_at !== null && (
            <>
              , last event <When time={events.appended_at} />
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Last verification</dt>
        <dd>
          <Verification of={verification} />
        </dd>
      </div>
      {scope === "table" && config.dashboard !== null && (
        <div>
          <dt>Latency and refusals</dt>
          <dd>
            <a href={config.dashboard} rel="noreferrer">
              The dashboard
            </a>
          </dd>
        </div>
      )}
    </dl>
  );
}

function lagText(seconds: number | null): string {
  if (seconds === null) return "not known here: the dashboard tells";
  return seconds < 1 ? "no delay" : `${duration(seconds)} late`;
}

function Verification({ of }: { readonly of: Status["verification"] }) {
  if (of === null) return "none is recorded; npm run verify -- --repair records one";
  const { at, checked, findings, repaired, rules } = of;
  return (
    <>
      <When time={at} />: {plural(checked, "item")} checked, {plural(findings, "finding")}
      {findings > 0 ? `, ${exact(repaired)} repaired` : ""}
      {rules.length > 0
        ? ` (${rules.map((each) => `${each.rule} ${exact(each.findings)}`).join(", ")})`
        : ""}
    </>
  );
}

function LargeChanges({ status }: { readonly status: Status }) {
  const changes = status.large_changes;
  return (
    <Panel title="Large changes under way">
      {changes.length === 0 ? (
        <Empty>None.</Empty>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Change</th>
              <th scope="col">State</th>
              <th scope="col" class="number">
                Items
              </th>
              <th scope="col">Since</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ id, state, items, since }) => (
              <tr key={id}>
                <th scope="row" class="id">
                  {id}
                </th>
                <td>{state}</td>
                <td class="number">{items === null ? "–" : exact(items)}</td>
                <td>
                  <When time={since ?? undefined} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {status.more_large_changes && <p class="faint">There are more.</p>}
    </Panel>
  );
}
