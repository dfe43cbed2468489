/** CloudFormation's part: intrinsic functions, and the names that a deployment gives to resources. */
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Resource } from "./template.ts";

export const ACCOUNT = "123456789012";
export const REGION = "us-east-1";

const PSEUDO: Readonly<Record<string, string>> = {
  "AWS::AccountId": ACCOUNT,
  "AWS::Region": REGION,
  "AWS::Partition": "aws",
  "AWS::URLSuffix": "amazonaws.com",
  "AWS::StackName": "played",
};

/** Of an absent value: `AWS::NoValue` removes the member that has it. */
const NOTHING = Symbol("AWS::NoValue");

export interface Names {
  /** What `Ref` of a resource gives. */
  ref(id: string): string;
  /** What `Fn::GetAtt` gives. */
  attribute(id: string, name: string): string;
}

type Named = (id: string, properties: JsonObject) => string;

const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
const own =
  (member: string): Named =>
  (id, properties) =>
    typeof properties[member] === "string" ? properties[member] : id;

/** `Ref` and the attribute `Arn` by type; the rest has its logical id for a name. */
const REFS: Readonly<Record<string, Named>> = {
  "AWS::Lambda::Function": own("FunctionName"),
  "AWS::Lambda::Alias": (_id, { FunctionName, Name }) =>
    arn("lambda", `function:${FunctionName}:${Name}`),
  "AWS::DynamoDB::GlobalTable": own("TableName"),
  "AWS::DynamoDB::Table": own("TableName"),
  "AWS::Logs::LogGroup": own("LogGroupName"),
  "AWS::IAM::Role": own("RoleName"),
  "AWS::Events::EventBus": own("Name"),
  "AWS::SQS::Queue": own("QueueName"),
  "AWS::SecretsManager::Secret": (id, properties) =>
    arn("secretsmanager", `secret:${own("Name")(id, properties)}-played`),
};

const ARNS: Readonly<Record<string, (ref: string) => string>> = {
  "AWS::Lambda::Function": (name) => arn("lambda", `function:${name}`),
  "AWS::DynamoDB::GlobalTable": (name) => arn("dynamodb", `table/${name}`),
  "AWS::DynamoDB::Table": (name) => arn("dynamodb", `table/${name}`),
  "AWS::Logs::LogGroup": (name) => arn("logs", `log-group:${name}:*`),
  "AWS::Events::EventBus": (name) => arn("events", `event-bus/${name}`),
  "AWS::SQS::Queue": (name) => arn("sqs", name),
  "AWS::IAM::Role": (name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
};

export class Resolver implements Names {
  readonly #resources: Readonly<Record<string, Resource>>;

  constructor(resources: Readonly<Record<string, Resource>>) {
    this.#resources = resources;
  }

  /** @throws Error for a function of CloudFormation that is not played */
  resolve(value: Json): Json {
    const resolved = this.#resolve(value);
    return resolved === NOTHING ? null : resolved;
  }

  ref(id: string): string {
    const pseudo = PSEUDO[id];
    if (pseudo !== undefined) return pseudo;
    const { Type, Properties = {} } = this.#resource(id);
    const named = REFS[Type];
    if (named === undefined) return id;
    const properties = this.#shallow(Properties);
    return named(id, properties);
  }

  attribute(id: string, name: string): string {
    const { Type } = this.#resource(id);
    const arnOf = name === "Arn" ? ARNS[Type] : undefined;
    return arnOf === undefined ? `${id}.${name}` : arnOf(this.ref(id));
  }

  #resource(id: string): Resource {
    const found = this.#resources[id];
    if (found === undefined) throw new Error(`the template has no resource ${id}`);
    return found;
  }

  /** The names among a resource's properties, which never refer to the resource itself. */
  #shallow(properties: Json): JsonObject {
    const named = Object.entries(isObject(properties) ? properties : {});
    const names = named.filter(([key]) => key.endsWith("Name") || key === "Name");
    return Object.fromEntries(names.map(([key, value]) => [key, this.resolve(value)]));
  }

  #resolve(value: Json): Json | typeof NOTHING {
    if (Array.isArray(value)) return this.#list(value);
    if (!isObject(value)) return value;
    const [first, ...others] = Object.entries(value);
    if (first !== undefined && others.length === 0) {
      const [name, argument] = first;
      if (name === "Ref") return argument === "AWS::NoValue" ? NOTHING : this.ref(text(argument));
      if (name.startsWith("Fn::")) return this.#call(name, argument);
    }
    const entries = Object.entries(value).flatMap(([name, member]): [string, Json][] => {
      const resolved = this.#resolve(member);
      return resolved === NOTHING ? [] : [[name, resolved]];
    });
    return Object.fromEntries(entries);
  }

  #list(values: Json): Json[] {
    if (!Array.isArray(values)) throw new Error(`${JSON.stringify(values)} is no list`);
    return values.flatMap((value) => {
      const resolved = this.#resolve(value);
      return resolved === NOTHING ? [] : [resolved];
    });
  }

  #call(name: string, argument: Json): Json {
    if (name === "Fn::GetAtt") {
      const [id = "", ...path] =
        typeof argument === "string" ? argument.split(".") : this.#list(argument).map(text);
      return this.attribute(id, path.join("."));
    }
    if (name === "Fn::Sub") return this.#substitute(argument);
    if (!["Fn::Join", "Fn::Split", "Fn::Select"].includes(name)) {
      throw new Error(`${name} is not played`);
    }
    const [first = "", second = []] = this.#list(argument);
    if (name === "Fn::Join") return this.#list(second).map(String).join(text(first));
    if (name === "Fn::Split") return text(second).split(text(first));
    return this.#list(second)[Number(first)] ?? null;
  }

  #substitute(argument: Json): string {
    const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
    const values = isObject(given) ? given : {};
    return text(template).replaceAll(/\$\{([^!}][^}]*)\}/g, (_whole, name: string) => {
      const value = values[name];
      if (value !== undefined) return text(this.resolve(value));
      const [id = "", ...path] = name.split(".");
      return path.length === 0 ? this.ref(id) : this.attribute(id, path.join("."));
    });
  }
}

function text(value: Json | undefined): string {
  if (typeof value !== "string") throw new Error(`${JSON.stringify(value)} is no text`);
  return value;
}
