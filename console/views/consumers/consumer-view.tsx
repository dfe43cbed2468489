/** One consumer: whose it is, what it holds where and since when, its lease and its history. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { type Consumer, readConsumer } from "../../data/consumer-data.ts";
import { useLoaded } from "../../data/use-loaded.ts";
import { heldSince } from "../../model/since.ts";
import { exact, plural } from "../../model/units.ts";
import { Panel } from "../../parts/fields.tsx";
import { When } from "../../parts/links.tsx";
import { Empty, Shown } from "../../parts/states.tsx";
import { EventTable } from "../health/event-table.tsx";
import { HoldingsTable } from "./holdings-table.tsx";
import { ReleaseButton } from "./release-button.tsx";

export function ConsumerView({ uuid }: { readonly uuid: string }) {
  const { client, events } = useApp();
  const loading = useLoaded(uuid, () => readConsumer(client, uuid));
  const { again } = loading;
  useEffect(
    () => events.listen((all) => all.some(({ subject }) => subject === uuid) && again()),
    [uuid, events, again],
  );
  return (
    <Shown of={loading} what="the consumer">
      {(consumer) => <Facts uuid={uuid} consumer={consumer} again={again} />}
    </Shown>
  );
}

interface Props {
  readonly uuid: string;
  readonly consumer: Consumer;
  readonly again: () => void;
}

function Facts({ uuid, consumer, again }: Props) {
  const { shown, holdings, history } = consumer;
  const held = Object.keys(holdings).length;
  return (
    <>
      <div class="view-head">
        <h1>
          Consumer <span class="id">{uuid}</span>
        </h1>
        {shown !== undefined && held > 0 && <ReleaseButton consumer={shown} again={again} />}
      </div>
      {shown === undefined ? (
        <Empty>
          There is no such consumer now.{history?.length ? " Its history tells what it was." : ""}
        </Empty>
      ) : (
        <Panel title="Whose it is">
          <dl class="facts">
            <Fact name="Project">{shown.project_id}</Fact>
            <Fact name="User">{shown.user_id}</Fact>
            <Fact name="Type">{shown.consumer_type}</Fact>
            <Fact name="Generation">{exact(shown.consumer_generation)}</Fact>
            <Fact name="Created">
              <When time={shown.created_at} />
            </Fact>
            <Fact name="Last changed">
              <When time={shown.updated_at} />
            </Fact>
            <Fact name="Lease">
              {shown.expires_at === undefined ? (
                "none: it stays until it is released"
              ) : (
                <>
                  ends <When time={shown.expires_at} />, version {shown.lease_version}
                </>
              )}
            </Fact>
            <Fact name="Life">
              <span class="id">{shown.life}</span>
            </Fact>
          </dl>
        </Panel>
      )}
      <Panel title={`What it holds: ${plural(held, "provider")}`}>
        {held === 0 ? (
          <Empty>It holds nothing.</Empty>
        ) : (
          <HoldingsTable holdings={holdings} since={heldSince(history ?? [])} />
        )}
      </Panel>
      <Panel title="What was changed">
        {history === undefined && <Empty>You may not see the history.</Empty>}
        {history?.length === 0 && <Empty>No event of it is kept.</Empty>}
        {history !== undefined && history.length > 0 && (
          <EventTable events={history.toReversed()} label="History" isOfOne />
        )}
      </Panel>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
