/** Shows the requests that will be sent, asks, sends them one after the other, and says what came of it. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../data/app.ts";
import type { Planned } from "../data/planned.ts";
import { Dialog } from "./dialog.tsx";
import { Problem } from "./problem.tsx";
import { say } from "./toasts.tsx";

interface Props {
  readonly title: string;
  /** Undefined: the form above is not complete. */
  readonly requests: readonly Planned[] | undefined;
  /** What the button says. */
  readonly action: string;
  /** Said when all were carried out. */
  readonly success: string;
  readonly done: () => void;
  readonly close: () => void;
  readonly children?: ComponentChildren;
}

type Sending =
  | { readonly state: "asking" }
  | { readonly state: "sending"; readonly sent: number }
  | { readonly state: "failed"; readonly sent: number; readonly error: unknown };

export function RequestDialog(props: Props) {
  const { title, requests, action, success, done, close, children } = props;
  const app = useApp();
  const [sending, setSending] = useState<Sending>({ state: "asking" });
  const send = async () => {
    let sent = 0;
    try {
      for (const request of requests ?? []) {
        setSending({ state: "sending", sent });
        await request.send();
        sent += 1;
      }
      say(app, success);
      done();
      close();
    } catch (error) {
      setSending({ state: "failed", sent, error });
      if (sent > 0) done();
    }
  };
  const isSending = sending.state === "sending";
  return (
    <Dialog title={title} close={close}>
      {children}
      {requests !== undefined && requests.length > 0 && (
        <section class="requests" aria-label="What will be sent">
          <h3>What will be sent</h3>
          {requests.map((request) => (
            <RequestText key={`${request.method} ${request.path}`} request={request} />
          ))}
        </section>
      )}
      {requests?.length === 0 && <p>Nothing has to be changed.</p>}
      {sending.state === "failed" && <Problem error={sending.error} />}
      {sending.state === "failed" && (requests?.length ?? 0) > 1 && (
        <p>
          {sending.sent} of {requests?.length} requests were carried out before.
        </p>
      )}
      <footer class="dialog-foot">
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          class="primary"
          disabled={isSending || !requests?.length || sending.state === "failed"}
          onClick={() => void send()}
        >
          {isSending ? `Sending ${sending.sent + 1} of ${requests?.length}…` : action}
        </button>
      </footer>
    </Dialog>
  );
}

function RequestText({ request: { method, path, body } }: { readonly request: Planned }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls is reached by the keyboard
    <pre tabIndex={0}>
      <b>
        {method} {path}
      </b>
      {body === undefined ? "" : `\n${JSON.stringify(body, undefined, 1)}`}
    </pre>
  );
}
