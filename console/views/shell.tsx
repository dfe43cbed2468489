/** The frame of all views: where one is, what state the console is in, and who one is. */
import { useEffect, useRef } from "preact/hooks";
import { type App, AppContext, useApp } from "../data/app.ts";
import type { FeedState } from "../data/event-store.ts";
import { hashOf, type View } from "../model/route.ts";
import { toggleScheme, useScheme } from "../parts/scheme.ts";
import { Toasts } from "../parts/toasts.tsx";
import { ConsumersView } from "./consumers/consumers-view.tsx";
import { FleetView } from "./fleet/fleet-view.tsx";
import { HealthView } from "./health/health-view.tsx";
import { route } from "./navigation.ts";
import { ProviderView } from "./provider/provider-view.tsx";
import { WhyNotView } from "./why-not/why-not-view.tsx";

const TITLES: Readonly<Record<View, string>> = {
  fleet: "Fleet",
  provider: "Provider",
  consumers: "Consumers",
  "why-not": "Why not?",
  health: "Health",
};

interface Props {
  readonly app: App;
  /** Undefined: nobody has signed in, since nobody has to. */
  readonly signOut: (() => void) | undefined;
}

export function Shell({ app, signOut }: Props) {
  return (
    <AppContext.Provider value={app}>
      <button type="button" class="skip" onClick={skip}>
        To the content
      </button>
      <header class="top">
        <span class="brand">Placement</span>
        <nav aria-label="Views">
          {Object.entries(TITLES).map(([view, title]) => (
            <a
              key={view}
              href={hashOf(view as View)}
              {...(route.value.view === view ? { "aria-current": "page" as const } : {})}
            >
              {title}
            </a>
          ))}
        </nav>
        <Live />
        <Changes />
        <Scheme />
        {signOut && (
          <button type="button" class="quiet" onClick={signOut}>
            Sign out
          </button>
        )}
      </header>
      <Main />
      <Toasts />
    </AppContext.Provider>
  );
}

/** The hash is the address of the view, so that the browser cannot go to the element by itself. */
function skip(): void {
  document.querySelector<HTMLElement>("main")?.focus();
}

function Main() {
  const { view, id, query } = route.value;
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${TITLES[view]} – Placement`;
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
    scrollTo(0, 0);
  }, [view, id]);
  return (
    <main ref={main} id="main" tabIndex={-1}>
      {view === "fleet" && <FleetView query={query} />}
      {view === "provider" && <ProviderView key={id} id={id} query={query} />}
      {view === "consumers" && <ConsumersView id={id} query={query} />}
      {view === "why-not" && <WhyNotView query={query} />}
      {view === "health" && <HealthView query={query} />}
    </main>
  );
}

const LIVE: Readonly<Record<FeedState, readonly [text: string, title: string]>> = {
  connecting: ["Connecting", "The feed of events is being read"],
  live: ["Live", "What others change appears by itself"],
  off: ["Not live", "The service keeps no feed of events: reload to see what has changed"],
  forbidden: ["Not live", "You may not follow events: reload to see what has changed"],
  lost: ["Reconnecting", "The feed of events was lost and is being tried again"],
};

function Live() {
  const { events } = useApp();
  const state = events.state.value;
  const [text, title] = LIVE[state];
  return (
    <span class={`live live-${state}`} title={title} role="status">
      {text}
    </span>
  );
}

function Changes() {
  const { mayChange } = useApp();
  return (
    <label
      class="switch"
      title="Shows what changes something. Each change shows its request and asks first."
    >
      <input
        type="checkbox"
        checked={mayChange.value}
        onChange={(event) => {
          mayChange.value = event.currentTarget.checked;
        }}
      />
      Allow changes
    </label>
  );
}

function Scheme() {
  const scheme = useScheme();
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      class="quiet"
      aria-label={`Use ${other} colours`}
      title={`Use ${other} colours`}
      onClick={toggleScheme}
    >
      {scheme === "dark" ? "☀" : "☾"}
    </button>
  );
}
