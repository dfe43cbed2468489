/** Creates a provider: a root, or one below another. */
import { useState } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { planned } from "../../data/planned.ts";
import { Field } from "../../parts/fields.tsx";
import { RequestDialog } from "../../parts/request-dialog.tsx";

export function CreateProvider() {
  const { mayChange } = useApp();
  const [isOpen, setIsOpen] = useState(false);
  if (!mayChange.value) return null;
  return (
    <>
      <button type="button" onClick={() => setIsOpen(true)}>
        Create a provider…
      </button>
      {isOpen && <CreateDialog close={() => setIsOpen(false)} />}
    </>
  );
}

function CreateDialog({ close }: { readonly close: () => void }) {
  const { client, fleet } = useApp();
  const [uuid] = useState(() => crypto.randomUUID() as string);
  const [name, setName] = useState("");
  const [parent, setParent] = useState("");
  const body = {
    ...{ name: name.trim(), uuid },
    ...(parent.trim() === "" ? {} : { parent_provider_uuid: parent.trim() }),
  };
  return (
    <RequestDialog
      title="Create a provider"
      requests={
        body.name === "" ? undefined : [planned(client, "resource-providers/create", { body })]
      }
      action="Create"
      success={`${body.name} is created.`}
      done={() => void fleet.refresh([uuid])}
      close={close}
    >
      <div class="filters">
        <Field label="Name" value={name} set={setName} required />
        <Field
          label="Below the provider"
          value={parent}
          set={setParent}
          hint="uuid; empty: a root"
          isWide
        />
      </div>
    </RequestDialog>
  );
}
