/** `--only bare`: requests through the whole HTTP path beside their calls of DynamoDB alone, on one engine. */
import { systemRandom } from "../../../../lib/api/system-random.ts";
import type { Connection } from "../../../../lib/store/table/connection.ts";
import { seeded } from "../../../support/chance.ts";
import { withTable } from "../engine.ts";
import { type Figures, figuresOf, type Pair } from "../peer/figures.ts";
import { Load } from "../peer/load.ts";
import { withOurs } from "../peer/ours.ts";
import { seedWorld } from "../peer/seed.ts";
import { playAct, Recorder, type Recording, type Timing } from "../peer/slice.ts";
import { makeWorld, type World } from "../peer/world.ts";
import { heading, table, targetAtLeast } from "../report.ts";
import { withService } from "../service.ts";
import { CallRecorder, renamed, replay, type Waves } from "./calls.ts";
import { COMPARED, type Compared, type Drawn } from "./requests.ts";

export interface BareOptions {
  readonly clients: readonly number[];
  readonly hosts: number;
  /** Milliseconds of a slice. */
  readonly milliseconds: number;
  readonly slices: number;
}

const SEED = 1;
const CONSUMERS = 40;
/** Requests that are recorded of each kind. */
const RECORDED = 40;
const JUDGED_CLIENTS = 32;

interface Template extends Drawn {
  readonly waves: Waves;
}

interface Sides {
  readonly load: Load;
  readonly connection: Connection;
}

export async function benchBare(options: BareOptions): Promise<void> {
  const world = makeWorld(SEED, { hosts: options.hosts, consumers: CONSUMERS, spare: 1 });
  await withTable(async ({ connection, endpoint }) => {
    const environment = { DYNAMODB_ENDPOINT: endpoint, TABLE_NAME: connection.tableName };
    await withOurs(async ({ url }) => {
      const load = new Load(url);
      await seedWorld(load, world);
      const templates = await recordAll(connection, world);
      const all = [];
      for (const clients of options.clients) {
        for (const [compared, made] of templates) {
          const timing = { clients, milliseconds: options.milliseconds };
          all.push(await compare(compared, made, { load, connection }, { ...options, ...timing }));
        }
      }
      load.rest();
      print(all);
    }, environment);
  });
}

/** Plays the requests in this process, to see which calls they make. */
async function recordAll(
  connection: Connection,
  world: World,
): Promise<ReadonlyMap<Compared, readonly Template[]>> {
  const recorder = new CallRecorder(connection);
  const chance = seeded(SEED + 1);
  return withService(recorder.connection, async ({ load }) => {
    const recordings = new Map<Compared, readonly Template[]>();
    for (const compared of COMPARED) {
      const templates = [];
      // The first finds nothing cached: it is no template.
      await load.expect(compared.draw(world, chance).message);
      for (let n = 0; n < RECORDED; n += 1) {
        const drawn = compared.draw(world, chance);
        recorder.take();
        await load.expect(drawn.message);
        templates.push({ ...drawn, waves: recorder.take() });
      }
      recordings.set(compared, usual(templates));
    }
    return recordings;
  });
}

const callsOf = ({ waves }: Template) => waves.reduce((sum, wave) => sum + wave.length, 0);

/** Without those that also renewed something, such as the table's format once a minute. */
function usual(templates: readonly Template[]): readonly Template[] {
  const fewest = Math.min(...templates.map(callsOf));
  return templates.filter((template) => callsOf(template) === fewest);
}

async function compare(
  compared: Compared,
  templates: readonly Template[],
  sides: Sides,
  options: Timing & { readonly slices: number },
): Promise<Figures & { readonly calls: number; readonly share: number | undefined }> {
  const { clients, milliseconds } = options;
  const pairs: Pair[] = [];
  // The first warms up.
  for (let slice = 0; slice <= options.slices; slice += 1) {
    const whole = new Recorder(sides.load);
    const ours = await playAct(wholeAct(templates, whole), whole, { clients, milliseconds });
    sides.load.rest();
    const bare = new BareRecorder(sides.connection);
    const peer = await playAct(bareAct(templates, bare), bare, { clients, milliseconds });
    if (slice > 0) pairs.push({ ours, peer });
  }
  const operation = { name: compared.name, kind: "other" } as const;
  const calls = callsOf(templates[0] as Template);
  return { ...figuresOf(operation, clients, pairs), calls, share: compared.share };
}

class BareRecorder implements Recording {
  readonly retries = 0;
  times: number[] = [];
  errors: string[] = [];
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  reset(): void {
    this.times = [];
    this.errors = [];
  }

  async measured(waves: Waves): Promise<void> {
    const start = performance.now();
    try {
      await replay(this.#connection, waves);
      this.times.push(performance.now() - start);
    } catch (error) {
      this.errors.push(`${error}`);
    }
  }
}

const pick = (templates: readonly Template[]) => pickAny(templates, systemRandom.fraction());
const pickAny = (templates: readonly Template[], fraction: number) =>
  templates[Math.floor(fraction * templates.length)] as Template;

function wholeAct(templates: readonly Template[], recorder: Recorder) {
  return async () => {
    const { message, consumer } = pick(templates);
    const path =
      consumer === undefined ? message.path : message.path.replace(consumer, systemRandom.uuid());
    await recorder.measured({ ...message, path });
    return true;
  };
}

function bareAct(templates: readonly Template[], recorder: BareRecorder) {
  return async () => {
    const { waves, consumer } = pick(templates);
    const own = consumer === undefined ? waves : renamed(waves, consumer, systemRandom.uuid());
    await recorder.measured(own);
    return true;
  };
}

type Compare = Awaited<ReturnType<typeof compare>>;

function print(all: readonly Compare[]): void {
  heading("Requests through the whole HTTP path, and their calls of DynamoDB alone");
  const rows = all.map((row) => {
    const { operation, clients, calls, ours, peer, ratio, least, greatest, errors, share } = row;
    const what = `${operation.name}, ${clients} clients: share of the bare throughput`;
    const judged = share !== undefined && clients === JUDGED_CLIENTS;
    return [
      ...[operation.name, clients, calls, ours.rate, peer.rate, ratio, least, greatest],
      ...[ours.p50, ours.p99, peer.p50, peer.p99, errors.length],
      judged ? targetAtLeast(what, ratio, share) : "",
    ];
  });
  const columns = [
    ...["request", "clients", "calls", "whole a second", "bare", "ratio", "least", "greatest"],
    ...["whole p50 ms", "p99 ms", "bare p50 ms", "p99 ms", "errors", "reached"],
  ];
  table(columns, rows);
  for (const { operation, errors } of all) {
    for (const { side, text } of errors.slice(0, 3)) {
      console.log(`\n${operation.name}, ${side === "ours" ? "whole" : "bare"}: ${text}`);
    }
  }
}
