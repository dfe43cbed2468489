/** Consumers: a search, or one of them. */
import { useState } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { type ConsumerPage, listConsumers } from "../../data/consumer-data.ts";
import { useLoaded } from "../../data/use-loaded.ts";
import { NO_SEARCH, type Search, searchOf, wordsOf } from "../../model/consumer-search.ts";
import { consumerHash } from "../../model/route.ts";
import { plural } from "../../model/units.ts";
import { uuidIn } from "../../model/uuid.ts";
import { Choice, Field, Panel } from "../../parts/fields.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Empty, Shown } from "../../parts/states.tsx";
import { setQuery } from "../navigation.ts";
import { ConsumerTable } from "./consumer-table.tsx";
import { ConsumerView } from "./consumer-view.tsx";

interface Props {
  readonly id: string | undefined;
  readonly query: Readonly<Record<string, string>>;
}

export function ConsumersView({ id, query }: Props) {
  if (id !== undefined) return <ConsumerView key={id} uuid={id} />;
  return <Find search={{ ...NO_SEARCH, ...query }} />;
}

function Find({ search }: { readonly search: Search }) {
  const [edited, setEdited] = useState(search);
  const set = (name: keyof Search) => (value: string) => setEdited({ ...edited, [name]: value });
  const submit = (event: Event) => {
    event.preventDefault();
    const uuid = uuidIn(edited.uuid);
    if (uuid !== undefined) location.hash = consumerHash(uuid);
    else setQuery("consumers", { ...edited, uuid: "" });
  };
  return (
    <>
      <h1>Consumers</h1>
      <form class="filters" onSubmit={submit}>
        <Field
          label="Uuid"
          value={edited.uuid}
          set={set("uuid")}
          hint="opens that consumer"
          isWide
        />
        <Choice label="Which" value={edited.which} set={set("which")} options={WHICH} />
        {edited.which === "" && (
          <>
            <Field
              label="Project"
              value={edited.project}
              set={set("project")}
              hint="empty: all projects"
            />
            <Field label="User" value={edited.user} set={set("user")} hint="of that project" />
            <Field label="Type" value={edited.type} set={set("type")} hint="INSTANCE" />
          </>
        )}
        {edited.which === "old" && (
          <Field
            label="Unchanged for (hours)"
            type="number"
            value={edited.hours}
            set={set("hours")}
          />
        )}
        {edited.which === "idle" && (
          <Field label="Idle for (hours)" type="number" value={edited.hours} set={set("hours")} />
        )}
        {edited.which === "expiring" && (
          <Field label="Within (hours)" type="number" value={edited.hours} set={set("hours")} />
        )}
        <button type="submit" class="primary">
          Search
        </button>
      </form>
      <Found key={JSON.stringify(search)} search={search} />
    </>
  );
}

const WHICH = [
  ["", "any"],
  ["old", "unchanged for long"],
  ["idle", "holding nothing"],
  ["expiring", "lease ends soon"],
] as const;

function Found({ search }: { readonly search: Search }) {
  const { client, clock } = useApp();
  const parameters = searchOf(search, clock.now());
  const loading = useLoaded("first", () => listConsumers(client, parameters));
  return (
    <Panel title={wordsOf(search)}>
      <Shown of={loading} what="consumers">
        {(first) => (
          <Pages first={first} more={(marker) => listConsumers(client, parameters, marker)} />
        )}
      </Shown>
    </Panel>
  );
}

interface PagesProps {
  readonly first: ConsumerPage;
  readonly more: (marker: string) => Promise<ConsumerPage>;
}

function Pages({ first, more }: PagesProps) {
  const [pages, setPages] = useState([first]);
  const [error, setError] = useState<unknown>();
  const [isReading, setIsReading] = useState(false);
  const consumers = pages.flatMap((page) => page.consumers);
  const marker = pages.at(-1)?.marker;
  const read = async () => {
    if (marker === undefined) return;
    setIsReading(true);
    setError(undefined);
    try {
      const page = await more(marker);
      setPages([...pages, page]);
    } catch (problem) {
      setError(problem);
    }
    setIsReading(false);
  };
  return (
    <>
      <p class="count" role="status">
        {plural(consumers.length, "consumer")}
        {marker === undefined ? "" : ", and there may be more"}
      </p>
      {consumers.length === 0 && marker === undefined && <Empty>No consumer is like that.</Empty>}
      {consumers.length > 0 && <ConsumerTable consumers={consumers} />}
      {error !== undefined && <Problem error={error} />}
      {marker !== undefined && (
        <button type="button" disabled={isReading} onClick={() => void read()}>
          {isReading ? "Reading…" : "Read more"}
        </button>
      )}
    </>
  );
}
