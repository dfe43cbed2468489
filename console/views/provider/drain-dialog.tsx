/** Takes a tree out of use for what is new, and back again. */
import { useMemo } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { drainedIn } from "../../data/drained.ts";
import { type Planned, planned } from "../../data/planned.ts";
import { drainOf, type NewInventories, reservedOf, undoOf } from "../../model/drain.ts";
import { RequestDialog } from "../../parts/request-dialog.tsx";
import type { ActionProps } from "./action-props.ts";

interface Props extends ActionProps {
  readonly close: () => void;
}

export function DrainDialog({ tree, again, close }: Props) {
  const { client, config } = useApp();
  const name = rootName(tree);
  // As it was when the dialog was opened: what is shown is what is sent.
  const [changes, requests] = useMemo(() => {
    const wanted = drainOf(tree);
    const drained = drainedIn(localStorage, config.api);
    const each = wanted.map((change): Planned => {
      const { provider } = change;
      const request = inventoriesOf(client, change);
      // Remembered before it is sent: an answer may be lost.
      return {
        ...request,
        send: () => {
          drained.remember({ [provider.uuid]: reservedOf(provider) });
          return request.send();
        },
      };
    });
    return [wanted, each] as const;
  }, []);
  return (
    <RequestDialog
      title={`Drain ${name}`}
      requests={requests}
      action={`Drain ${changes.length} of its providers`}
      success={`${name} is drained: nothing new fits there.`}
      done={again}
      close={close}
    >
      <p>
        Everything is reserved, so that nothing new is placed here. What is held stays. This browser
        remembers what was reserved before, and offers to undo it.
      </p>
      <p class="warning">
        nova-compute sets its own inventories back within a minute. Disable the compute service as
        well, or it undoes this.
      </p>
    </RequestDialog>
  );
}

export function UndrainDialog({ tree, again, close }: Props) {
  const { client, config } = useApp();
  const drained = drainedIn(localStorage, config.api);
  const requests = useMemo(
    () => undoOf(tree, drained.all()).map((change) => inventoriesOf(client, change)),
    [],
  );
  const done = () => {
    drained.forget(tree.map(({ uuid }) => uuid));
    again();
  };
  const name = rootName(tree);
  return (
    <RequestDialog
      title={`Undo the drain of ${name}`}
      requests={requests}
      action="Set back"
      success={`${name} is in use again.`}
      done={done}
      close={close}
    >
      <p>
        Sets back what this browser remembers as reserved before. Classes that somebody has changed
        since stay as they are.
      </p>
      {requests.length === 0 && (
        <button type="button" onClick={done}>
          Forget what is remembered
        </button>
      )}
    </RequestDialog>
  );
}

const rootName = (tree: ActionProps["tree"]) =>
  tree.find(({ parent }) => parent === null)?.name ?? tree[0]?.name ?? "";

function inventoriesOf(
  client: Parameters<typeof planned>[0],
  { provider: { uuid, generation }, inventories }: NewInventories,
): Planned {
  return planned(client, "inventories/replace", {
    parameters: { uuid },
    body: { resource_provider_generation: generation, inventories },
  });
}
