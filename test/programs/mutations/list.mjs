/**
 * Deliberate breaks of one place each, which the tests that they name have to catch. `find`
 * occurs exactly once in `file`; when it no longer does, rewrite the mutation. See docs/reliability.md, "Mutations".
 *
 * @typedef {object} Mutation
 * @property {string} name
 * @property {string} breaks the invariant, in words
 * @property {string} file
 * @property {string} find
 * @property {string} replace
 * @property {string[]} tests files
 * @property {string} [only] a pattern of the names of tests, where a file is long
 */
import { access } from "./access.mjs";
import { answers } from "./answers.mjs";
import { canary } from "./canary.mjs";
import { claims } from "./claims.mjs";
import { claimsByQuery } from "./claims-by-query.mjs";
import { client } from "./client.mjs";
import { consoles } from "./console.mjs";
import { deployed } from "./deployed.mjs";
import { events } from "./events.mjs";
import { history } from "./history.mjs";
import { importing } from "./importing.mjs";
import { largeChanges } from "./large-changes.mjs";
import { leases } from "./leases.mjs";
import { localServer } from "./local-server.mjs";
import { monitoring } from "./monitoring.mjs";
import { names } from "./names.mjs";
import { outcomes } from "./outcomes.mjs";
import { prometheus } from "./prometheus.mjs";
import { providers } from "./providers.mjs";
import { security } from "./security.mjs";
import { stack } from "./stack.mjs";
import { usages } from "./usages.mjs";
import { uuids } from "./uuids.mjs";
import { verifier } from "./verifier.mjs";

/** @type {Mutation[]} */
export const MUTATIONS = [
  ...claims,
  ...claimsByQuery,
  ...leases,
  ...usages,
  ...history,
  ...events,
  ...outcomes,
  ...largeChanges,
  ...names,
  ...providers,
  ...uuids,
  ...verifier,
  ...canary,
  ...security,
  ...access,
  ...answers,
  ...localServer,
  ...consoles,
  ...stack,
  ...monitoring,
  ...deployed,
  ...client,
  ...importing,
  ...prometheus,
];
