/** Releases all that a consumer holds, if it is still as it is shown. */
import { useState } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import type { Consumer } from "../../data/consumer-data.ts";
import { planned } from "../../data/planned.ts";
import { RequestDialog } from "../../parts/request-dialog.tsx";

interface Props {
  readonly consumer: NonNullable<Consumer["shown"]>;
  readonly again: () => void;
}

export function ReleaseButton({ consumer, again }: Props) {
  const { mayChange } = useApp();
  const [asked, setAsked] = useState<Props["consumer"]>();
  if (!mayChange.value) return null;
  return (
    <>
      <button type="button" class="danger" onClick={() => setAsked(consumer)}>
        Release what it holds…
      </button>
      {asked && <ReleaseDialog consumer={asked} again={again} close={() => setAsked(undefined)} />}
    </>
  );
}

function ReleaseDialog({ consumer, again, close }: Props & { readonly close: () => void }) {
  const { client } = useApp();
  const { uuid, project_id, user_id, consumer_type, consumer_generation } = consumer;
  // DELETE takes no generation: what others have changed meanwhile would be lost.
  const body = { allocations: {}, project_id, user_id, consumer_type, consumer_generation };
  return (
    <RequestDialog
      title="Release what it holds"
      requests={[
        planned(client, "allocations/replace", { parameters: { consumer_uuid: uuid }, body }),
      ]}
      action="Release"
      success="It is released."
      done={again}
      close={close}
    >
      <p class="warning">
        The service forgets that {consumer_type} {uuid} uses anything. If its owner still runs, the
        host may become overfull. This cannot be undone here.
      </p>
    </RequestDialog>
  );
}
