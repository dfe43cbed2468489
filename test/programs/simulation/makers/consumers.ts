import { applyChange, applyCreate, applyDelete, ownerBody } from "../operations/records.ts";
import { generationOf, type Maker, PROJECTS, TYPES, USERS, write } from "./scene.ts";

export const createConsumer: Maker = ({ random, cast }) => {
  const uuid = random.pick(cast.consumers);
  const owner = { project: random.pick(PROJECTS), user: random.pick(USERS), type: undefined };
  const body = { uuid, ...ownerBody(owner) };
  return write("create consumer", { method: "POST", path: "/consumers", body }, (world) =>
    applyCreate(world, uuid, owner),
  );
};

export const changeConsumer: Maker = (scene) => {
  const { random, cast } = scene;
  const uuid = random.pick(random.below(4) === 0 ? cast.crowd : cast.consumers);
  const generation = generationOf(scene, uuid) ?? 0;
  if (random.below(2) === 0) {
    const body = { consumer_generation: generation };
    const request = { method: "POST", path: `/consumers/${uuid}/generation`, body } as const;
    return write("raise generation", request, (world) => applyChange(world, uuid, generation));
  }
  const owner = {
    project: random.pick(PROJECTS),
    user: random.pick(USERS),
    type: random.pick([undefined, ...TYPES]),
  };
  const body = { ...ownerBody(owner), consumer_generation: generation };
  const request = { method: "PUT", path: `/consumers/${uuid}`, body } as const;
  return write("change consumer", request, (world) => applyChange(world, uuid, generation, owner));
};

export const deleteConsumer: Maker = (scene) => {
  const uuid = scene.random.pick(scene.cast.consumers);
  const generation = generationOf(scene, uuid) ?? 0;
  const target = `/consumers/${uuid}?generation=${generation}`;
  return write("delete consumer", { method: "DELETE", path: target }, (world) =>
    applyDelete(world, uuid, generation),
  );
};
