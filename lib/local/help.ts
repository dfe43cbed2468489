/** What `npm start -- --help` prints. */
import { DEFAULT_CONFIGURATION } from "../api/configuration.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { DEFAULT_LOG_LEVEL } from "./log-level.ts";
import { DEFAULT_FOLDER, DEFAULT_PORT, DEFAULT_TABLE } from "./settings.ts";

export const HELP = `Usage: npm start -- [options]

Serves the Placement API on 127.0.0.1, without authentication.

Options, which take precedence over the environment:
  --port NUMBER   listen on this port; 0: on any free one (PORT, default ${DEFAULT_PORT})
  --data FOLDER   keep the data in this folder (PLACEMENT_STATE_DIR, default ${DEFAULT_FOLDER})
  --memory        keep the data in memory only: it is lost when the server stops
  --upgrade       upgrade a table at DYNAMODB_ENDPOINT that an older release has written;
                  no other program may use it meanwhile (a data folder is upgraded
                  automatically)
  --allow-host NAME
                  answer requests for this host name or address too, besides localhost,
                  names below it, 127.0.0.0/8 and [::1]; may be repeated
                  (PLACEMENT_ALLOWED_HOSTS)
  --help          print this help

Environment:
  PORT                          as --port
  PLACEMENT_STATE_DIR           as --data
  PLACEMENT_ALLOWED_HOSTS       as --allow-host, separated by commas (default none)
  DYNAMODB_ENDPOINT             URL of a DynamoDB to use instead of the embedded engine,
                                unless --data or --memory is given
  TABLE_NAME                    the table there, created if absent (default ${DEFAULT_TABLE})
  AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                                for that DynamoDB (default us-east-1, local, local)
  PLACEMENT_AUTH_STRATEGY       noauth2, the only value: trust X-Auth-Token and its related headers
  PLACEMENT_POLICY              secure, legacy or open (default ${DEFAULT_CONFIGURATION.policy}), or a JSON file of
                                rules that override those of secure
  PLACEMENT_POLICY_RULES        a JSON object of rules that override single ones
  PLACEMENT_CORS_ORIGINS        origins whose pages may call from a browser, separated by commas
                                (default none: pages are answered 403)
  PLACEMENT_INCOMPLETE_PROJECT  project of allocations written below version 1.8
  PLACEMENT_INCOMPLETE_USER     user of allocations written below version 1.8
  PLACEMENT_RANDOMIZE_CANDIDATES
                                true: shuffle allocation candidates (default ${DEFAULT_CONFIGURATION.randomizeCandidates})
  PLACEMENT_MAX_CANDIDATES      most allocation candidates in one answer (default ${DEFAULT_CONFIGURATION.maxCandidates})
  PLACEMENT_MAX_CANDIDATE_WORK  most steps of one search for them (default ${DEFAULT_CONFIGURATION.maxCandidateWork})
  PLACEMENT_MAX_CHANGE_ITEMS    most items that one request may change (default ${DEFAULT_CONFIGURATION.maxChangeItems})
  PLACEMENT_SNAPSHOT_MAX_AGE    seconds until providers are read in full again (default ${DEFAULT_CONFIGURATION.snapshotMaxAge})
  PLACEMENT_MAX_RUNNING         requests processed at once (default ${DEFAULT_LIMITS.running})
  PLACEMENT_MAX_WAITING         requests that may wait; others are refused with 503 (default ${DEFAULT_LIMITS.waiting})
  PLACEMENT_LOG_LEVEL           INFO (a line for each request), WARN or ERROR (default ${DEFAULT_LOG_LEVEL})
`;
