/** What an endpoint has, whatever kind of API serves it. */
import type { Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { IAlias } from "aws-cdk-lib/aws-lambda";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { LogKeeping } from "../log-groups.ts";
import type { Limits } from "../throttle.ts";
import type { AuthorizerParts } from "./gateway-body.ts";
import type { EndpointKind, EndpointProps } from "./props.ts";

export interface ApiProps {
  /** Of the API and its log. */
  readonly name: string;
  readonly endpoint: EndpointProps;
  readonly logs: LogKeeping;
  /** For every route without limits of its own. */
  readonly throttle: Limits;
  /** For the route of the OpenAPI document, which is large and needs no authorization. */
  readonly openApiThrottle: Limits;
  /** Of the functions, by the ids of their operations. */
  readonly aliases: ReadonlyMap<string, IAlias>;
  /** The role as which API Gateway invokes them. */
  readonly roleArn: string;
  readonly authorizer: AuthorizerParts | undefined;
  /** Whether preflight requests of browsers are let through. */
  readonly browsers: boolean;
}

/** An API of API Gateway with its only stage. */
export interface Api {
  readonly apiId: string;
  readonly stageName: string;
  /** On API Gateway's own host name, without a slash at the end. */
  readonly ownUrl: string;
  /** Of every request to the API, for policies of IAM. */
  readonly callArn: string;
  metric(name: ApiMetric, options?: MetricOptions): Metric;
}

/** 4xx answers, 5xx answers, requests, and milliseconds until the answer. */
export type ApiMetric = "clientErrors" | "errors" | "count" | "latency";

export interface Endpoint {
  readonly kind: EndpointKind;
  /** What it was made of. */
  readonly given: EndpointProps;
  /** Without a slash at the end. */
  readonly url: string;
  readonly api: Api;
  /** A line of JSON for each request. */
  readonly accessLog: ILogGroup;
  /** The name to which the domain name's DNS record points; undefined without a domain. */
  readonly domainTarget: string | undefined;
  /** Requests. */
  metricCount(options?: MetricOptions): Metric;
  /** Milliseconds until the answer, the 99th percentile unless `options` say otherwise. */
  metricLatency(options?: MetricOptions): Metric;
  /** Answers from 500. */
  metricErrors(options?: MetricOptions): Metric;
  /** Answers from 400 to 499: refusals, and 429 beyond the limits. */
  metricClientErrors(options?: MetricOptions): Metric;
}

/** What count, statistic and period a metric of an API has unless `options` say otherwise. */
export function metricDefaults(name: ApiMetric): { readonly statistic: string } {
  return { statistic: name === "latency" ? "p99" : "Sum" };
}
