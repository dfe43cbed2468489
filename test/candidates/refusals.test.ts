import { beforeAll, describe, expect, it } from "vitest";
import { makeHost } from "../support/candidates.ts";
import { useApi } from "../support/frame.ts";
import { detailOf } from "../support/world.ts";

const UUID = "aaaaaaaa-0000-4000-8000-000000000001";
const FORBIDDEN_EARLY =
  "Forbidden member_of parameters are not supported in the specified microversion";

/** [version, query, words of the detail, code] */
const refused: [string, string, string, string?][] = [
  // Keys of later versions.
  ["1.15", "resources=VCPU:1&limit=5", "'limit' was unexpected"],
  ["1.16", "resources=VCPU:1&required=HW_CPU_X86_SSE", "'required' was unexpected"],
  ["1.20", `resources=VCPU:1&member_of=${UUID}`, "'member_of' was unexpected"],
  ["1.24", "resources=VCPU:1&resources1=VCPU:1", "'resources1' was unexpected"],
  ["1.24", "resources=VCPU:1&group_policy=none", "'group_policy' was unexpected"],
  ["1.30", `resources=VCPU:1&in_tree=${UUID}`, "'in_tree' does not match any of the regexes"],
  ["1.32", "resources_A=VCPU:1", "'resources_A' does not match any of the regexes"],
  ["1.34", "resources=VCPU:1&root_required=HW_CPU_X86_SSE", "'root_required' does not match"],
  ["1.35", "resources=VCPU:1&same_subtree=_A", "'same_subtree' does not match any of the regexes"],
  ["1.39", "resources=VCPU:1&bogus=1", "'bogus' does not match any of the regexes: '^in_tree"],
  ["1.39", "resources=VCPU:1&a=1&b=2", "'a', 'b' do not match any of the regexes"],
  ["1.25", "resources0=VCPU:1", "'^member_of([1-9][0-9]*)?$'"],
  ["1.39", `resources_${"x".repeat(64)}=VCPU:1`, "'^resources([a-zA-Z0-9_-]{1,64})?$'"],
  // Values.
  ["1.16", "resources=VCPU:1&limit=0", "Failed validating 'pattern'"],
  ["1.39", "resources=VCPU:1&limit=abc&limit=5", "limit must be a positive integer. Got: abc"],
  ["1.39", "resources=VCPU:1&group_policy=x", "'x' is not one of ['none', 'isolate']"],
  ["1.39", "resources=VCPU:1&group_policy=x&group_policy=none", "Got: x"],
  ["1.39", "resources=VCPU:1&explain=yes", "'yes' is not one of ['true', 'false']"],
  [
    "1.10",
    "resources=",
    "Expected resources query string parameter in form: ?resources=VCPU:2,MEMORY_MB:1024. Got: empty string.",
  ],
  ["1.10", "resources=VCPU", "Got: VCPU."],
  ["1.39", "resources=VCPU:1:2&resources=VCPU:1", "Got: VCPU:1:2."],
  ["1.39", "resources=VCPU:x", "Requested resource VCPU expected positive integer amount. Got: x."],
  ["1.39", "resources=VCPU:0", "Requested resource VCPU requires amount >= 1. Got: 0."],
  [
    "1.39",
    "resources=VCPU:1&required=",
    "of the form: HW_CPU_X86_VMX,!CUSTOM_MAGIC. Got an empty trait in: ",
  ],
  [
    "1.17",
    "resources=VCPU:1&required=!HW_CPU_X86_SSE",
    "of the form: HW_CPU_X86_VMX,CUSTOM_MAGIC. Got: !HW_CPU_X86_SSE",
  ],
  [
    "1.38",
    "resources=VCPU:1&required=in:HW_CPU_X86_SSE",
    "The format 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC' only supported since microversion 1.39. Got: in:HW_CPU_X86_SSE",
  ],
  [
    "1.39",
    "resources=VCPU:1&required=in:!HW_CPU_X86_SSE",
    "does not support forbidden traits. Got: in:!HW_CPU_X86_SSE",
  ],
  [
    "1.23",
    `resources=VCPU:1&member_of=${UUID}&member_of=${UUID}`,
    "Multiple member_of parameters are not supported",
  ],
  ["1.31", `resources=VCPU:1&member_of=!${UUID}`, FORBIDDEN_EARLY],
  [
    "1.31",
    `resources1=VCPU:1&member_of1=!${UUID}`,
    "Forbidden member_of1 parameters are not supported in the specified microversion",
  ],
  [
    "1.39",
    "resources=VCPU:1&member_of=x",
    "Expected 'member_of' parameter to contain valid UUID(s). Got: x",
  ],
  [
    "1.39",
    `resources=VCPU:1&member_of=${UUID},${UUID}`,
    "must be prefixed with the 'in:' or '!in:' keyword using the valid microversion.",
  ],
  [
    "1.39",
    "resources=VCPU:1&in_tree=x",
    "Expected 'in_tree' parameter to be a format of uuid. Got: x",
  ],
  // Names.
  [
    "1.39",
    "resources=MCPU:1",
    "Invalid resource class in resources parameter: No such resource class MCPU.",
  ],
  ["1.39", "resources=VCPU:1&required=NO_SUCH", " No such trait(s): NO_SUCH."],
  ["1.39", "resources=VCPU:1&root_required=!CUSTOM_NO", " No such trait(s): CUSTOM_NO."],
  // Names of a later group count, though the first group finds nothing.
  [
    "1.39",
    "resources1=VCPU:999&resources2=VCPU:1&required2=NO_SUCH&group_policy=none",
    "No such trait(s): NO_SUCH.",
  ],
  // Missing groups.
  ["1.24", "limit=1", "'resources' is a required property"],
  ["1.25", "limit=1", "At least one request group (`resources` or `resources{$S}`) is required."],
  [
    "1.36",
    "limit=1",
    "There must be at least one resources or resources[$S] parameter.",
    "placement.query.missing_value",
  ],
  [
    "1.39",
    `member_of1=${UUID}`,
    "There must be at least one resources",
    "placement.query.missing_value",
  ],
  [
    "1.25",
    "required=HW_CPU_X86_SSE&required1=HW_CPU_X86_SSE",
    "All traits parameters must be associated with resources.  Found the following orphaned traits keys: required, required1",
  ],
  [
    "1.35",
    `resources=VCPU:1&member_of3=${UUID}`,
    "All member_of parameters must be associated with resources. Found the following orphaned member_of keys: member_of3",
  ],
  [
    "1.35",
    "resources=VCPU:1&required1=!HW_CPU_X86_SSE",
    "All request groups must specify resources.",
  ],
  ["1.31", `resources=VCPU:1&in_tree1=${UUID}`, "All request groups must specify resources."],
  [
    "1.36",
    "resources1=VCPU:1&required=HW_CPU_X86_SSE",
    "bad group(s) - ['']",
    "placement.query.bad_value",
  ],
  [
    "1.36",
    "resources1=VCPU:1&required2=HW_CPU_X86_SSE&group_policy=none",
    "Resourceless suffixed group request should be specified in `same_subtree` query param: bad group(s) - ['2'].",
    "placement.query.bad_value",
  ],
  // What concerns all groups.
  [
    "1.25",
    "resources1=VCPU:1&resources2=VCPU:1",
    `The "group_policy" parameter is required when specifying more than one "resources{N}" parameter.`,
  ],
  [
    "1.36",
    "resources1=VCPU:1&required2=HW_CPU_X86_SSE&same_subtree=1,2",
    `The "group_policy" parameter is required`,
  ],
  [
    "1.36",
    "resources_A=VCPU:1&same_subtree=A",
    "Real suffixes should be specified in `same_subtree`: ['A'] not found in ['_A'].",
    "placement.query.bad_value",
  ],
  [
    "1.36",
    "resources_A=VCPU:1&same_subtree=_A,",
    "Empty string (unsuffixed group) can not be specified in `same_subtree`",
    "placement.query.bad_value",
  ],
  [
    "1.35",
    "resources=VCPU:1&root_required=HW_CPU_X86_SSE&root_required=HW_CPU_X86_SSE",
    "'root_required' may be specified only once",
    "placement.query.duplicate_key",
  ],
  [
    "1.35",
    "resources=VCPU:1&root_required=HW_CPU_X86_SSE,!HW_CPU_X86_SSE",
    "Conflicting required and forbidden traits found in root_required: HW_CPU_X86_SSE",
    "placement.query.bad_value",
  ],
  [
    "1.35",
    "resources=VCPU:1&root_required=in:HW_CPU_X86_SSE",
    "Invalid query string parameters: The format 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC' only supported since microversion 1.39. Got: in:HW_CPU_X86_SSE",
  ],
  [
    "1.38",
    "resources=VCPU:1&root_required=in:HW_CPU_X86_SSE",
    "Invalid query string parameters: The format 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC' only supported since microversion 1.39. Got: in:HW_CPU_X86_SSE",
  ],
  [
    "1.39",
    "resources=VCPU:1&root_required=in:HW_CPU_X86_SSE",
    "Invalid query string parameters: The format 'in:HW_CPU_X86_VMX,CUSTOM_MAGIC' only supported since microversion 1.39. Got: in:HW_CPU_X86_SSE",
  ],
  [
    "1.39",
    "resources=VCPU:1&root_required=in:&required=in:,",
    "only supported since microversion 1.39. Got: in:",
  ],
  [
    "1.22",
    "resources=VCPU:1&required=HW_CPU_X86_SSE,!HW_CPU_X86_SSE",
    "Conflicting required and forbidden traits found in the following traits keys: required: (HW_CPU_X86_SSE)",
  ],
  [
    "1.39",
    "resources2=VCPU:1&required2=HW_CPU_X86_SSE,HW_CPU_X86_AVX,!HW_CPU_X86_SSE,!HW_CPU_X86_AVX&resources1=VCPU:1&required1=HW_CPU_X86_SSE,!HW_CPU_X86_SSE&group_policy=none",
    "traits keys: required1: (HW_CPU_X86_SSE), required2: (HW_CPU_X86_AVX), required2: (HW_CPU_X86_SSE)",
  ],
  [
    "1.39",
    "resources1=VCPU:1&required1=in:HW_CPU_X86_SSE,HW_CPU_X86_AVX&required1=!HW_CPU_X86_SSE,!HW_CPU_X86_AVX",
    "traits keys: required1: (HW_CPU_X86_AVX, HW_CPU_X86_SSE)",
  ],
];

describe("a query for candidates that is refused", () => {
  const api = useApi();
  beforeAll(async () => {
    await makeHost(api, { VCPU: 8 });
  });

  it.each(refused)(
    "at %s: %s",
    async (version, query, words, code = "placement.undefined_code") => {
      const answer = await api.request("GET", `/allocation_candidates?${query}`, { version });
      expect(answer.status).toBe(400);
      expect(detailOf(answer)).toContain(words);
      const shown = Number(version.slice(2)) >= 23 ? code : undefined;
      expect(answer.body.errors[0].code).toBe(shown);
    },
  );

  it("is not found below 1.10", async () => {
    const path = "/allocation_candidates?resources=VCPU:1";
    expect((await api.request("GET", path, { version: "1.9" })).status).toBe(404);
  });

  it("is forbidden to who may not list candidates", async () => {
    const answer = await api.request("GET", "/allocation_candidates?resources=VCPU:1", {
      token: "someone",
      roles: "reader",
    });
    expect(answer.status).toBe(403);
    expect(detailOf(answer)).toContain("placement:allocation_candidates:list");
  });

  it.each([
    // Part of an any-set may be forbidden.
    ["1.39", "resources=VCPU:1&required=in:HW_CPU_X86_SSE,HW_CPU_X86_AVX&required=!HW_CPU_X86_SSE"],
    // In whatever form, a UUID of no provider and no aggregate.
    ["1.39", `resources=VCPU:1&in_tree=${UUID.replaceAll("-", "")}`],
    ["1.39", `resources=VCPU:1&in_tree=${UUID}`],
    ["1.39", `resources=VCPU:1&member_of=${UUID.replaceAll("-", "")}`],
    ["1.39", "resources=VCPU:99999999999999999999"],
    // Blanks around the suffixes of a same_subtree.
    ["1.36", "resources_A=VCPU:99&resources_B=VCPU:1&group_policy=none&same_subtree=_A,%20_B%20"],
  ])("is not, but finds nothing, at %s: %s", async (version, query) => {
    const answer = await api.request("GET", `/allocation_candidates?${query}`, { version });
    expect(answer).toMatchObject({
      status: 200,
      body: { allocation_requests: [], provider_summaries: {} },
    });
  });
});
