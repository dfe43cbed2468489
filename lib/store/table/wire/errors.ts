/** What DynamoDB answers to a call that it does not carry out. */
import { DynamoDBError, UnreadableAnswer } from "../faults.ts";
import type { RawAnswer } from "./transport.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The body as an object.
 * @throws UnreadableAnswer
 */
export function parseBody({ status, body }: RawAnswer): Fields {
  // Errors come without a body too; an answer has at least `{}`.
  if (body === "" && status >= 300) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (cause) {
    throw new UnreadableAnswer(status, { cause });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new UnreadableAnswer(status);
  }
  return parsed as Fields;
}

/** @throws UnreadableAnswer */
export function errorOf(answer: RawAnswer): DynamoDBError {
  const { __type: type, code, message, Message, CancellationReasons } = parseBody(answer);
  const told = type ?? code ?? answer.header("x-amzn-errortype");
  const words = message ?? Message;
  return new DynamoDBError(typeof words === "string" ? words : "UnknownError", {
    name: nameOf(told),
    httpStatusCode: answer.status,
    requestId: answer.header("x-amzn-requestid"),
    reasons: Array.isArray(CancellationReasons) ? CancellationReasons : undefined,
  });
}

/** `com.amazonaws.dynamodb.v20120810#ThrottlingException:http://…` is a `ThrottlingException`. */
function nameOf(told: unknown): string {
  if (typeof told !== "string") return "Unknown";
  const [first = ""] = told.split(/[,:]/);
  return first.slice(first.indexOf("#") + 1) || "Unknown";
}
