/** Locks that end with the tab that holds them, however it ends. */

/** What is told about a lock that was waited for. @internal */
export interface LockEvents {
  won: () => void;
  /** Somebody stole it, or it cannot be had at all. */
  lost: () => void;
}

/** What the browser's Web Locks are to us; tests give their own. @internal */
export interface Locks {
  /**
   * Takes a lock for as long as this page lives, or until it is let go; null where somebody else holds it.
   *
   * @param waitMs - How long to wait for whoever holds it. Default 0.
   */
  take(name: string, waitMs?: number): Promise<(() => void) | null>;
  /** Takes one together with others; gives how to let it go. */
  share(name: string): Promise<() => void>;
  /**
   * Waits in turn for a lock, however long. Gives how to leave the queue, or to let the lock go.
   *
   * @param steal - Take it at once from whoever has it.
   */
  queue(name: string, events: LockEvents, steal: boolean): () => void;
  /** The names that are held now, by any tab. */
  held(): Promise<ReadonlySet<string>>;
}

/** Those of the browser; null where it has none, as in a page that came without TLS. @internal */
export function browserLocks(): Locks | null {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (!locks) return null;
  return {
    take: (name, waitMs = 0) => (waitMs > 0 ? takeWithin(locks, name, waitMs) : take(locks, name)),
    share: (name) => share(locks, name),
    queue: (name, events, steal) => queue(locks, name, events, steal),
    held: () => held(locks),
  };
}

function take(locks: LockManager, name: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(null);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}

/** The same, after a while. */
function takeWithin(locks: LockManager, name: string, waitMs: number): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    const hold = () => new Promise<void>((release) => resolve(release));
    locks.request(name, { signal: AbortSignal.timeout(waitMs) }, hold).catch(() => resolve(null));
  });
}

function share(locks: LockManager, name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    locks
      .request(name, { mode: "shared" }, () => new Promise<void>((release) => resolve(release)))
      .catch(reject);
  });
}

function queue(locks: LockManager, name: string, { won, lost }: LockEvents, steal: boolean): () => void {
  const waiting = new AbortController();
  let over = false;
  let release = () => {};
  const hold = () =>
    new Promise<void>((resolve) => {
      release = resolve;
      if (over) resolve();
      else won();
    });
  // A lock that is stolen cannot be waited for, so there is nothing to give up.
  locks.request(name, steal ? { steal } : { signal: waiting.signal }, hold).catch(() => {
    if (!over) lost();
  });
  return () => {
    over = true;
    waiting.abort();
    release();
  };
}

async function held(locks: LockManager): Promise<ReadonlySet<string>> {
  const { held = [] } = await locks.query();
  return new Set(held.flatMap(({ name }) => (name === undefined ? [] : [name])));
}
