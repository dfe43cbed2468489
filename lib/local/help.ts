/** What `npm start -- --help` prints. */
import { DEFAULT_CONFIGURATION } from "../api/configuration.ts";
import { DEFAULT_SCOPES } from "../api/console/config.ts";
import { DEFAULT_TOKEN_CACHE_TIME } from "../authorizer/configuration.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { DEFAULT_LOG_LEVEL } from "./log-level.ts";
import { DEFAULT_FOLDER, DEFAULT_PORT, DEFAULT_TABLE } from "./settings.ts";

export const HELP = `Usage: npm start -- [options]

Serves the Placement API on 127.0.0.1, without authentication unless --auth is given.
Serves a console for browsers at /console/, if it is built.
GET /healthz says that it is alive, GET /readyz that its table can be used: without a token.

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
  --auth KIND     who callers are (PLACEMENT_AUTH_STRATEGY, default noauth):
                  noauth: X-Auth-Token and its related headers are believed
                  keystone: tokens of OpenStack's Keystone, see --keystone-url
                  jwt: bearer tokens of an OpenID Connect issuer, see --jwt-issuer
  --keystone-url URL
                  Keystone's address (PLACEMENT_KEYSTONE_URL, or OS_AUTH_URL); OS_USERNAME,
                  OS_PASSWORD, OS_PROJECT_NAME, OS_USER_DOMAIN_ID and OS_PROJECT_DOMAIN_ID, or
                  OS_APPLICATION_CREDENTIAL_ID and OS_APPLICATION_CREDENTIAL_SECRET, are the
                  credential with which this server validates tokens
  --jwt-issuer URL, --jwt-audience TEXT
                  whose tokens, for whom (PLACEMENT_JWT_ISSUER, PLACEMENT_JWT_AUDIENCE)
  --jwt-claims JSON
                  which claims hold user, project and roles (PLACEMENT_JWT_CLAIMS, default
                  {"user": "sub", "project": "project_id", "roles": "roles"})
  --console-client-id ID
                  the public client that the console is at the issuer of --auth jwt
                  (PLACEMENT_CONSOLE_CLIENT_ID)
  --listen ADDRESS
                  listen on this IP address instead of 127.0.0.1 (PLACEMENT_LISTEN); needs
                  --auth keystone or jwt
  --base-path PATH
                  serve the API below this path, for example /placement (PLACEMENT_BASE_PATH)
  --trust-forwarded-prefix
                  links begin with X-Forwarded-Prefix, and with X-Forwarded-Proto: only behind
                  a proxy that sets or removes both (PLACEMENT_TRUST_FORWARDED_PREFIX)
  --history-days DAYS
                  for how many days what was changed is kept, 0: not at all
                  (PLACEMENT_HISTORY_DAYS, default ${DEFAULT_CONFIGURATION.historyDays})
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
  PLACEMENT_AUTH_STRATEGY       as --auth; noauth2 is another word for noauth
  PLACEMENT_TOKEN_CACHE_TIME    seconds for which Keystone's answers are kept (default ${DEFAULT_TOKEN_CACHE_TIME})
  OS_CACERT                     a file of certificates that are trusted for Keystone or the issuer
  PLACEMENT_POLICY              secure, legacy or open (default ${DEFAULT_CONFIGURATION.policy}), or a JSON file of
                                rules that override those of secure
  PLACEMENT_POLICY_RULES        a JSON object of rules that override single ones
  PLACEMENT_CORS_ORIGINS        origins whose pages may call from a browser, separated by commas
                                (default none: pages are answered 403)
  PLACEMENT_CONSOLE             false: there is no console (default true)
  PLACEMENT_CONSOLE_CLIENT_ID   as --console-client-id
  PLACEMENT_CONSOLE_SCOPES      scopes that the console asks the issuer for, separated by spaces
                                (default ${DEFAULT_SCOPES.join(" ")})
  PLACEMENT_CONSOLE_CONNECT     further origins that the console may call, separated by commas: of
                                an issuer that gives tokens elsewhere (default none)
  PLACEMENT_INCOMPLETE_PROJECT  project of allocations written below version 1.8
  PLACEMENT_INCOMPLETE_USER     user of allocations written below version 1.8
  PLACEMENT_RANDOMIZE_CANDIDATES
                                true: shuffle allocation candidates (default ${DEFAULT_CONFIGURATION.randomizeCandidates})
  PLACEMENT_MAX_CANDIDATES      most allocation candidates in one answer (default ${DEFAULT_CONFIGURATION.maxCandidates})
  PLACEMENT_MAX_CANDIDATE_WORK  most steps of one search for them (default ${DEFAULT_CONFIGURATION.maxCandidateWork})
  PLACEMENT_MAX_CHANGE_ITEMS    most items that one request may change (default ${DEFAULT_CONFIGURATION.maxChangeItems})
  PLACEMENT_MAX_LEASE           most seconds of a lease (default ${DEFAULT_CONFIGURATION.maxLease})
  PLACEMENT_MAX_LEASE_SHARE     most percent of all leases that one sweep may release, beyond ten
                                leases (default ${DEFAULT_CONFIGURATION.maxLeaseShare})
  PLACEMENT_HISTORY_DAYS        as --history-days
  PLACEMENT_EVENTS              false: GET /events is refused (default ${DEFAULT_CONFIGURATION.events})
  PLACEMENT_SNAPSHOT_MAX_AGE    seconds until providers are read in full again (default ${DEFAULT_CONFIGURATION.snapshotMaxAge})
  PLACEMENT_MAX_RUNNING         requests processed at once (default ${DEFAULT_LIMITS.running})
  PLACEMENT_MAX_WAITING         requests that may wait; others are refused with 503 (default ${DEFAULT_LIMITS.waiting})
  PLACEMENT_GRACE_PERIOD        seconds that running requests have when the server is told to
                                stop (default ${DEFAULT_LIMITS.closeTimeout / 1_000}); a second signal stops it at once
  PLACEMENT_LOG_LEVEL           DEBUG (health checks, idle tasks), INFO (a line for each request),
                                WARN or ERROR (default ${DEFAULT_LOG_LEVEL})
`;
