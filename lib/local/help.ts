/** What `npm start -- --help` prints. */
import { DEFAULT_CONFIGURATION } from "../api/configuration.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { DEFAULT_LOG_LEVEL } from "./log-level.ts";
import { DEFAULT_FOLDER, DEFAULT_PORT, DEFAULT_TABLE } from "./settings.ts";

export const HELP = `Usage: npm start -- [options]

Serves the Placement API on 127.0.0.1, without authentication.

Options, which win over the environment:
  --port NUMBER   listen on this port, 0 for any free one (PORT, default ${DEFAULT_PORT})
  --data FOLDER   keep the data in this folder (PLACEMENT_STATE_DIR, default ${DEFAULT_FOLDER})
  --memory        keep nothing
  --help          print this

Environment:
  PORT                          as --port
  PLACEMENT_STATE_DIR           as --data
  DYNAMODB_ENDPOINT             URL of a DynamoDB to use instead of the embedded engine,
                                unless --data or --memory is given
  TABLE_NAME                    the table there, made if absent (default ${DEFAULT_TABLE})
  AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                                for that DynamoDB (default us-east-1, local, local)
  PLACEMENT_AUTH_STRATEGY       noauth2: believe X-Auth-Token and the headers with it (the only value)
  PLACEMENT_POLICY              secure, legacy or open (default ${DEFAULT_CONFIGURATION.policy}), or a JSON file of
                                rules that override those of secure
  PLACEMENT_POLICY_RULES        a JSON object of rules that override single ones
  PLACEMENT_CORS_ORIGINS        origins that may call from a browser, separated by commas (default none)
  PLACEMENT_INCOMPLETE_PROJECT  project of allocations written below version 1.8
  PLACEMENT_INCOMPLETE_USER     user of allocations written below version 1.8
  PLACEMENT_RANDOMIZE_CANDIDATES
                                true: shuffle allocation candidates (default ${DEFAULT_CONFIGURATION.randomizeCandidates})
  PLACEMENT_MAX_CANDIDATES      allocation candidates of one answer at most (default ${DEFAULT_CONFIGURATION.maxCandidates})
  PLACEMENT_MAX_CANDIDATE_WORK  steps of one search for them at most (default ${DEFAULT_CONFIGURATION.maxCandidateWork})
  PLACEMENT_MAX_CHANGE_ITEMS    items that one request may change (default ${DEFAULT_CONFIGURATION.maxChangeItems})
  PLACEMENT_SNAPSHOT_MAX_AGE    seconds until providers are read in full again (default ${DEFAULT_CONFIGURATION.snapshotMaxAge})
  PLACEMENT_MAX_RUNNING         requests that run at once (default ${DEFAULT_LIMITS.running})
  PLACEMENT_MAX_WAITING         requests that wait; more are refused with 503 (default ${DEFAULT_LIMITS.waiting})
  PLACEMENT_LOG_LEVEL           INFO (a line for each request), WARN or ERROR (default ${DEFAULT_LOG_LEVEL})
`;
