import * as reads from "../operations/reads.ts";
import * as tasks from "../operations/tasks.ts";
import { type Maker, PROJECTS, STANDARD } from "./scene.ts";

export const readSomething: Maker = ({ random, cast }) => {
  const provider = random.pick(cast.providers);
  const consumer = random.pick(random.below(3) === 0 ? cast.crowd : cast.consumers);
  switch (random.below(10)) {
    case 0:
      return reads.readConsumerAllocations(consumer);
    case 1:
      return reads.readInventories(provider);
    case 2:
      return reads.readProviderUsages(provider);
    case 3:
      return reads.readProvider(provider);
    case 4:
      return reads.readTraits(provider);
    case 5:
      return reads.listProviders();
    case 6:
      return reads.listProviderAllocations(provider);
    case 7:
    case 8:
      return reads.findCandidates(random.pick(STANDARD));
    default:
      return reads.listConsumersOf(random.pick(PROJECTS));
  }
};

export const maintain: Maker = ({ random }) => {
  switch (random.below(14)) {
    case 6:
    case 7:
      return tasks.writePageTask();
    case 8:
    case 9:
    case 10:
    case 11:
    case 12:
    case 13:
      return tasks.releaseLeases();
    case 0:
      return tasks.deleteIdle();
    case 1:
      return tasks.rebuild();
    case 2:
      return tasks.verify(random.below(2) === 0);
    default:
      return tasks.sweep();
  }
};
