/** A query for candidates, and who passes it, or what each condition removed. */
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../data/app.ts";
import { readCandidates } from "../../data/candidates-data.ts";
import { useLoaded } from "../../data/use-loaded.ts";
import { queryOf, queryText } from "../../model/query.ts";
import { Panel } from "../../parts/fields.tsx";
import { Shown } from "../../parts/states.tsx";
import { setQuery } from "../navigation.ts";
import { Answer } from "./answer.tsx";
import { QueryForm } from "./query-form.tsx";

interface Props {
  readonly query: Readonly<Record<string, string>>;
}

export function WhyNotView({ query: { q = "" } }: Props) {
  const [text, setText] = useState(q === "" ? queryText(queryOf("")) : q);
  // Another address, such as one step back, is another query.
  useEffect(() => {
    if (q !== "") setText(q);
  }, [q]);
  const ask = (event: Event) => {
    event.preventDefault();
    setQuery("why-not", { q: text.trim().replace(/^.*\?/, "") });
  };
  return (
    <>
      <h1>Why not?</h1>
      <p class="lead">Who could take this, and if nobody can: which condition removed whom.</p>
      <form onSubmit={ask}>
        <Panel title="What is asked for">
          <QueryForm query={queryOf(text)} set={(query) => setText(queryText(query))} />
          <label class="field wide">
            <span>The same as text; any query of GET /allocation_candidates</span>
            <textarea
              rows={2}
              spellcheck={false}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="primary">
            Ask
          </button>
        </Panel>
      </form>
      {q !== "" && <Asked key={q} query={q} />}
    </>
  );
}

function Asked({ query }: { readonly query: string }) {
  const { client } = useApp();
  const loading = useLoaded(query, () => readCandidates(client, query));
  return (
    <Shown of={loading} what="candidates; all providers are examined">
      {(candidates) => <Answer candidates={candidates} again={loading.again} />}
    </Shown>
  );
}
