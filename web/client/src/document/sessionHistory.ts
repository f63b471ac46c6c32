/** Undo and redo of one session, and the gesture that `pause` opens. */
import type { Readable } from "../api/basic.js";
import type { Submitted } from "../api/document.js";
import type { History, UndoState } from "../api/history.js";
import { randomId } from "../support/random.js";
import type { DocumentSession } from "./session.js";

/** The history of one Document. @internal */
export class SessionHistory implements History {
  readonly undoable: Readable<UndoState>;
  readonly redoable: Readable<UndoState>;
  /** Edits made now belong to this gesture. */
  gesture: string | undefined;
  readonly #session: DocumentSession;

  constructor(session: DocumentSession) {
    this.#session = session;
    this.undoable = session.status.undoable;
    this.redoable = session.status.redoable;
  }

  undo(): Submitted | null {
    return this.#session.undo();
  }

  redo(): Submitted | null {
    return this.#session.redo();
  }

  pause(): void {
    this.gesture ??= randomId("g-");
  }

  resume(): void {
    this.gesture = undefined;
  }
}
