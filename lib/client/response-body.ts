/** The body of an HTTP answer, within a bound. */
import { AnswerLost, UnexpectedAnswer } from "./errors.ts";

/**
 * @returns the value where the body is JSON, else the text; undefined where it is empty
 * @throws AnswerLost if it ends early, UnexpectedAnswer if it is longer than `maxBytes`
 */
export async function readBody(response: Response, maxBytes: number): Promise<unknown> {
  const text = await readText(response, maxBytes);
  if (text === "") return undefined;
  if (!response.headers.get("content-type")?.startsWith("application/json")) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AnswerLost("the answer is not complete", { cause });
  }
}

async function readText({ body }: Response, maxBytes: number): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(endedEarly);
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel().catch(() => undefined);
      throw new UnexpectedAnswer(`the answer is longer than ${maxBytes} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function endedEarly(cause: unknown): never {
  throw new AnswerLost("the answer ended early", { cause });
}
