/** What could not be read or done, and what to do about it. */
import { isRefusal } from "../../lib/client/errors.ts";
import { NoToken } from "../../lib/client/keystone.ts";
import { adviceOf } from "../model/advice.ts";

interface Props {
  readonly error: unknown;
  readonly again?: (() => void) | undefined;
}

export function Problem({ error, again }: Props) {
  const { title, advice } = adviceOf(failureOf(error));
  return (
    <div class="problem" role="alert">
      <strong>{title}</strong>
      <p>{advice}</p>
      <p class="detail">{detailOf(error)}</p>
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

function failureOf(error: unknown) {
  if (isRefusal(error)) return { status: error.status, code: error.code };
  if (error instanceof NoToken) return { status: error.status, code: "" };
  return { status: undefined, code: "" };
}

function detailOf(error: unknown): string {
  if (!isRefusal(error)) return error instanceof Error ? error.message : String(error);
  const { status, code, detail, requestId } = error;
  const named = code === "placement.undefined_code" ? "" : ` ${code}`;
  return `${status}${named}: ${detail}${requestId === undefined ? "" : ` (${requestId})`}`;
}
