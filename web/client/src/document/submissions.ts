/** Edits on their way: gives each its promises and resolves them, always. */
import type { OperationId, Result, Revision } from "../api/basic.js";
import type { Durability, Submitted } from "../api/document.js";
import type { CoboardError } from "../errors.js";

/** Tells where an operation is safe, once that is known. @internal */
export type WhereSafe = (id: OperationId) => Promise<Durability>;

type Settle = (result: Result<{ revision: Revision }>) => void;

/** The edits of one Document that the server has not answered. @internal */
export class Submissions {
  readonly #awaited = new Map<string, Settle[]>();
  readonly #whereSafe: WhereSafe;

  constructor(whereSafe: WhereSafe) {
    this.#whereSafe = whereSafe;
  }

  /** An edit that became an Operation. */
  open<R>(value: R, id: OperationId): Submitted<R> {
    const server = new Promise<Result<{ revision: Revision }>>((resolve) => {
      const key = keyOf(id);
      this.#awaited.set(key, [...(this.#awaited.get(key) ?? []), resolve]);
    });
    // Asked once the outputs of the edit are carried out: only then does the device know of it.
    const client = Promise.resolve().then(async () => {
      const durability = await this.#whereSafe(id);
      return { ok: true as const, value: { durability } };
    });
    return { value, id, client, server };
  }

  /** An edit that changed nothing: it is as safe as what is there. */
  empty<R>(value: R, client: string, revision: Revision): Submitted<R> {
    return {
      value,
      id: { client, sequence: 0 },
      client: Promise.resolve({ ok: true, value: { durability: "server" } }),
      server: Promise.resolve({ ok: true, value: { revision } }),
    };
  }

  /** An edit that the core would not take. */
  refused<R>(value: R, client: string, error: CoboardError): Submitted<R> {
    const answer = { ok: false as const, error };
    return {
      value,
      id: { client, sequence: 0 },
      client: Promise.resolve(answer),
      server: Promise.resolve(answer),
    };
  }

  ack(id: OperationId, revision: Revision): void {
    this.#settle(keyOf(id), { ok: true, value: { revision } });
  }

  reject(id: OperationId, error: CoboardError): void {
    this.#settle(keyOf(id), { ok: false, error });
  }

  /** The Document or the client is gone: nothing more will be heard. */
  end(error: CoboardError): void {
    for (const key of [...this.#awaited.keys()]) this.#settle(key, { ok: false, error });
  }

  #settle(key: string, result: Result<{ revision: Revision }>): void {
    const settles = this.#awaited.get(key) ?? [];
    this.#awaited.delete(key);
    for (const settle of settles) settle(result);
  }
}

function keyOf(id: OperationId): string {
  return `${id.client} ${id.sequence}`;
}
