/** What the views share: the client and what is kept of its answers. */
import { type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { PlacementClient } from "../../lib/client/client.ts";
import { type Credentials, overHttp } from "../../lib/client/http.ts";
import { type Clock, platformClock } from "../../lib/client/platform.ts";
import type { Config } from "../session/config.ts";
import { EventStore } from "./event-store.ts";
import { FleetStore } from "./fleet-store.ts";
import { keepFleet } from "./live-fleet.ts";

export interface Toast {
  readonly id: number;
  readonly text: string;
}

export interface App {
  readonly config: Config;
  readonly client: PlacementClient<"1.39">;
  readonly fleet: FleetStore;
  readonly events: EventStore;
  readonly clock: Clock;
  /** Milliseconds since 1970; moves each ten seconds. */
  readonly now: Signal<number>;
  /** Whether the reader has asked for buttons that change something. */
  readonly mayChange: Signal<boolean>;
  readonly toasts: Signal<readonly Toast[]>;
  end(): void;
}

const TICK = 10_000;

export function startApp(config: Config, credentials: Credentials): App {
  const clock = platformClock;
  const transport = overHttp({ url: config.api, credentials });
  const client = new PlacementClient({ transport, version: "1.39" as const });
  const fleet = new FleetStore(client);
  const events = new EventStore(client, clock);
  const endKeeping = keepFleet(fleet, events, clock);
  const now = signal(clock.now());
  const ticking = setInterval(() => {
    now.value = clock.now();
  }, TICK);
  void events.follow();
  void fleet.load();
  return {
    ...{ config, client, fleet, events, clock, now },
    mayChange: signal(false),
    toasts: signal([]),
    end: () => {
      clearInterval(ticking);
      endKeeping();
      events.end();
    },
  };
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("there is no session");
  return app;
}
