/**
 * The console of a deployed stack: the built files in a bucket that CloudFront alone reads, and the
 * API as a path of the same origin, so that no page of another one is let in.
 */
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  OriginRequestPolicy,
  PriceClass,
  type ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { type ConsoleConfig, originsFor } from "../../lib/api/console/config.ts";
import { ASKED_AGAIN, INDEX_FILE, KEPT_FOREVER } from "../../lib/api/console/files.ts";
import { checkConsole } from "./check.ts";
import { builtFolder, deployFiles } from "./files.ts";
import { apiHeaders, pageHeaders } from "./headers.ts";
import { apiPlace } from "./origin.ts";
import type { PlacementConsoleProps } from "./props.ts";
import { BUCKET_REASONS, DISTRIBUTION_REASONS, OWN_NAME_REASON } from "./reasons.ts";

/** Below it, the distribution is the API. */
const API_PATH = "/placement";

/** Names with what is in the files, as the build writes them: `app-ABCD1234.js`. */
const HASHED = ["*-????????.js", "*-????????.css"];

/** The longest that API Gateway takes; CloudFront's own default. */
const API_TIMEOUT = Duration.seconds(30);

/** The API knows no such prefix. */
const STRIP = `function handler(event) {
  var request = event.request;
  request.uri = request.uri.slice(${API_PATH.length}) || "/";
  return request;
}`;

export class PlacementConsole extends Construct {
  /** With a slash at its end. */
  readonly url: string;
  /** What its pages are told, in `config.json`. */
  readonly config: ConsoleConfig;
  readonly distribution: Distribution;
  readonly bucket: Bucket;

  /** @throws BadSettings if nobody could use it, or it is not built */
  constructor(scope: Construct, id: string, props: PlacementConsoleProps) {
    super(scope, id);
    const { placement, certificate, domainName, connect = [], dashboard = null } = props;
    const hasCertificate = certificate !== undefined;
    const given = placement.endpoints.map((each) => each.given);
    const { endpoint, auth } = checkConsole({ ...props, hasCertificate }, given);
    const folder = builtFolder(props.folder);
    this.bucket = this.#bucket();
    const files = S3BucketOrigin.withOriginAccessControl(this.bucket as IBucket);
    const allowed = [...originsFor(auth), ...connect];
    const { host, path } = apiPlace(placement.endpoint(endpoint.kind), endpoint);
    const api = new HttpOrigin(host, {
      ...(path === "" ? {} : { originPath: path }),
      readTimeout: API_TIMEOUT,
    });
    this.distribution = new Distribution(this, "Distribution", {
      comment: `The console of ${placement.observed.name}`,
      defaultRootObject: INDEX_FILE,
      defaultBehavior: pages(files, pageHeaders(this, "Pages", allowed, ASKED_AGAIN)),
      additionalBehaviors: {
        [`${API_PATH}/*`]: this.#api(api),
        ...kept(files, pageHeaders(this, "Hashed", allowed, KEPT_FOREVER)),
      },
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      ...(certificate && domainName ? { certificate, domainNames: [domainName] } : {}),
    });
    Validations.of(this.distribution).acknowledge(
      ...DISTRIBUTION_REASONS,
      ...(certificate === undefined ? [OWN_NAME_REASON] : []),
    );
    this.url = `https://${domainName ?? this.distribution.distributionDomainName}/`;
    this.config = { api: `${API_PATH}/`, auth, dashboard };
    deployFiles(this, { bucket: this.bucket as IBucket, folder, config: this.config });
  }

  #bucket(): Bucket {
    const bucket = new Bucket(this, "Files", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(bucket).acknowledge(...BUCKET_REASONS);
    return bucket;
  }

  #api(origin: IOrigin): BehaviorOptions {
    const strip = new EdgeFunction(this, "Strip", {
      code: FunctionCode.fromInline(STRIP),
      runtime: FunctionRuntime.JS_2_0,
      comment: "Takes the prefix of the API away",
    });
    return {
      origin,
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // With all other headers, tokens among them: the API has a name of its own.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: apiHeaders(this, "Answers"),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      // The API compresses its answers itself.
      compress: false,
      functionAssociations: [{ function: strip, eventType: FunctionEventType.VIEWER_REQUEST }],
    };
  }
}

/** Asked for each time: the page names the files of its build, and the configuration may change. */
const pages = (origin: IOrigin, responseHeadersPolicy: ResponseHeadersPolicy): BehaviorOptions => ({
  origin,
  allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
  cachePolicy: CachePolicy.CACHING_DISABLED,
  responseHeadersPolicy,
  viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
});

const kept = (origin: IOrigin, policy: ResponseHeadersPolicy): Record<string, BehaviorOptions> => {
  const behavior = { ...pages(origin, policy), cachePolicy: CachePolicy.CACHING_OPTIMIZED };
  return Object.fromEntries(HASHED.map((pattern) => [pattern, { ...behavior, compress: true }]));
};
