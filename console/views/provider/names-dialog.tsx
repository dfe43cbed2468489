/** Traits and aggregates of a provider, one a line. */
import { useId, useState } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { type Planned, planned } from "../../data/planned.ts";
import { RequestDialog } from "../../parts/request-dialog.tsx";
import type { ActionProps } from "./action-props.ts";

interface Props extends ActionProps {
  readonly close: () => void;
}

export function TraitsDialog({ provider, again, close }: Props) {
  const { client } = useApp();
  const { uuid, name, generation, traits } = provider;
  const plan = (names: readonly string[]) =>
    planned(client, "provider-traits/replace", {
      parameters: { uuid },
      body: { traits: names, resource_provider_generation: generation },
    });
  return <NamesDialog {...{ plan, again, close, name }} what="traits" names={traits} />;
}

export function AggregatesDialog({ provider, again, close }: Props) {
  const { client } = useApp();
  const { uuid, name, generation, aggregates } = provider;
  const plan = (names: readonly string[]) =>
    planned(client, "aggregates/replace", {
      parameters: { uuid },
      body: { aggregates: names, resource_provider_generation: generation },
    });
  return <NamesDialog {...{ plan, again, close, name }} what="aggregates" names={aggregates} />;
}

interface NamesProps {
  readonly what: string;
  /** Of the provider. */
  readonly name: string;
  readonly names: readonly string[];
  readonly plan: (names: readonly string[]) => Planned;
  readonly again: () => void;
  readonly close: () => void;
}

function NamesDialog({ what, name, names, plan: ask, again, close }: NamesProps) {
  // The generation is that of the moment in which the dialog was opened: a later change is refused.
  const [plan] = useState(() => ask);
  const [text, setText] = useState(names.join("\n"));
  const id = useId();
  const wanted = [...new Set(text.split(/\s+/).filter((each) => each !== ""))];
  const isSame = wanted.length === names.length && wanted.every((each) => names.includes(each));
  return (
    <RequestDialog
      title={`Set ${what} of ${name}`}
      requests={isSame ? [] : [plan(wanted)]}
      action={`Set ${what}`}
      success={`The ${what} of ${name} are set.`}
      done={again}
      close={close}
    >
      <label for={id}>One a line; all that are not here are removed</label>
      <textarea
        id={id}
        rows={8}
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </RequestDialog>
  );
}
