/** What CloudFront adds to answers: of the files what `npm start` adds, and of the API that none is a page. */
import { Duration, Stack } from "aws-cdk-lib";
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import type { Construct } from "constructs";
import { contentSecurityPolicy } from "../../lib/api/console/headers.ts";

const YEAR = Duration.days(365);

/** @param connect origins that the pages may call */
export function pageHeaders(
  scope: Construct,
  id: string,
  connect: readonly string[],
  cacheControl: string,
): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, id, {
    responseHeadersPolicyName: nameOf(scope, id),
    securityHeadersBehavior: {
      ...common,
      contentSecurityPolicy: {
        contentSecurityPolicy: contentSecurityPolicy(connect),
        override: true,
      },
    },
    customHeadersBehavior: {
      customHeaders: [{ header: "cache-control", value: cacheControl, override: true }],
    },
  });
}

/** An error document may be HTML, and is of the console's own origin: nothing in it is to run. */
export function apiHeaders(scope: Construct, id: string): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, id, {
    responseHeadersPolicyName: nameOf(scope, id),
    securityHeadersBehavior: {
      ...common,
      contentSecurityPolicy: {
        contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
        override: true,
      },
    },
  });
}

const common = {
  contentTypeOptions: { override: true },
  frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
  referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
  strictTransportSecurity: { accessControlMaxAge: YEAR, includeSubdomains: false, override: true },
} as const;

/** Names are those of the account, whatever the region. */
function nameOf(scope: Construct, id: string): string {
  const { stackName, region } = Stack.of(scope);
  return `${stackName}-${region}-console-${id.toLowerCase()}`;
}
