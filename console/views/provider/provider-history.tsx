/** What was changed of a provider, by whom. */
import { useApp } from "../../data/app.ts";
import { useLoaded } from "../../data/use-loaded.ts";
import type { Happening } from "../../model/happening.ts";
import { Panel } from "../../parts/fields.tsx";
import { Empty, Shown } from "../../parts/states.tsx";
import { EventTable } from "../health/event-table.tsx";

interface Props {
  readonly uuid: string;
  /** Another one reads again. */
  readonly stamp: string;
}

export function ProviderHistory({ uuid, stamp }: Props) {
  const { client } = useApp();
  const loading = useLoaded(`${uuid} ${stamp}`, async (): Promise<readonly Happening[]> => {
    const parameters = { uuid, limit: "200" };
    const { body } = await client.call("history/show-by-provider", { parameters });
    return body.events.toReversed();
  });
  return (
    <Panel title="What was changed">
      <Shown of={loading} what="its history">
        {(events) =>
          events.length === 0 ? (
            <Empty>No event of it is kept.</Empty>
          ) : (
            <EventTable events={events} label="History" isOfOne />
          )
        }
      </Shown>
    </Panel>
  );
}
