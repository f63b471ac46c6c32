/** Requests to the server's HTTP interface, with answers as values. */
import type { Result } from "../api/basic.js";
import { CoboardError, errorFromBody } from "../errors.js";
import { fromJsonText } from "../support/json.js";

/** Text that has arrived, and how much of it. @internal */
export type Progress = (bytes: number, total: number | null) => void;

/** The HTTP side of one client. @internal */
export class Http {
  readonly #base: URL;
  readonly #token: () => Promise<string>;

  constructor(base: string, token: () => Promise<string>) {
    this.#base = new URL(base.endsWith("/") ? base : `${base}/`);
    this.#token = token;
  }

  /** Sends a request; `body` is JSON text. The answer is JSON, or nothing. */
  async json<T>(method: string, path: string, body?: string): Promise<Result<T>> {
    try {
      const response = await this.#send(method, path, body);
      const value = fromJsonText(await response.text());
      return response.ok ? { ok: true, value: value as T } : { ok: false, error: errorOf(response, value) };
    } catch (cause) {
      return { ok: false, error: new CoboardError("E_UNAVAILABLE", "the server was not reached", {}, cause) };
    }
  }

  /** Fetches text and tells how much has arrived; throws what went wrong. `signal` gives it up. */
  async text(path: string, progress: Progress, signal: AbortSignal): Promise<string> {
    const response = await this.#send("GET", path, undefined, signal);
    if (!response.ok) throw errorOf(response, fromJsonText(await response.text()));
    const compressed = response.headers.has("content-encoding");
    const length = Number(response.headers.get("content-length") ?? 0);
    return readText(response, (bytes) => progress(bytes, compressed || length === 0 ? null : length));
  }

  async #send(method: string, path: string, body?: string, signal?: AbortSignal): Promise<Response> {
    const token = await this.#token();
    const headers: Record<string, string> = { accept: "application/json" };
    if (token !== "") headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const url = new URL(path.replace(/^\//, ""), this.#base);
    const more = { ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}) };
    return fetch(url, { method, headers, ...more });
  }
}

async function readText(response: Response, progress: (bytes: number) => void): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return response.text();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength;
    text += decoder.decode(part.value, { stream: true });
    progress(bytes);
  }
  return text + decoder.decode();
}

function errorOf(response: Response, value: unknown): CoboardError {
  const body = (value as { error?: { code: string } } | undefined)?.error;
  return body
    ? errorFromBody(body)
    : new CoboardError(
        response.status === 404 ? "E_NOT_FOUND" : "E_UNAVAILABLE",
        `the server answered ${response.status}`,
      );
}
