/** The feed of events: what its readers and a batch of the table's stream cost. */
import { AIM, get, inGroup } from "../shape.ts";
import { host, type World } from "../world.ts";

/** A consumer that changes ten times, and the events of these. */
async function changes(world: World): Promise<string> {
  const consumer = await world.claimed({ [host(1)]: { VCPU: 1 } });
  for (let generation = 1; generation < 10; generation += 1) {
    const body = { consumer_generation: generation };
    await world.request("POST", `/consumers/${consumer}/generation`, { body });
  }
  return consumer;
}

/** Where the feed ends. */
async function end(world: World): Promise<string> {
  await (await world.streamed())();
  const { body } = await world.request("GET", "/events?limit=1000");
  return body.next;
}

/** Our extension. */
export const events = inGroup("Events", [
  {
    name: "ask for events, and there is none",
    aim: AIM.readWithGenerations,
    prepare: async (world) => get(`/events?after=${await end(world)}`),
  },
  {
    name: "ask for events, ten of a consumer",
    prepare: async (world) => {
      const after = await end(world);
      await changes(world);
      await (await world.streamed())();
      return get(`/events?after=${after}`);
    },
  },
  {
    name: "feed what the stream tells: ten events of a consumer",
    prepare: async (world) => {
      await end(world);
      await changes(world);
      return { run: await world.streamed() };
    },
  },
  {
    name: "feed what the stream tells: ten events of ten consumers",
    prepare: async (world) => {
      await end(world);
      for (let index = 0; index < 10; index += 1)
        await world.claimed({ [host(index)]: { VCPU: 1 } });
      return { run: await world.streamed() };
    },
  },
]);
