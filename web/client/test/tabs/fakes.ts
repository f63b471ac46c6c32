/** A browser with several tabs: a channel between them, locks that end with a tab, a server that all reach. */
import type { Locks } from "../../src/device/locks.js";
import { Tabs } from "../../src/tabs/tabs.js";
import type { OpenChannel, Word } from "../../src/tabs/words.js";
import { Connection } from "../../src/transport/connection.js";
import type { Link } from "../../src/transport/link.js";
import { FakeLocks } from "../device/fakes.js";
import { FakePage, type fakeServer, HELLO, settle } from "../fakes.js";

interface Ear {
  name: string;
  tab: FakeTab;
  heard: (word: Word) => void;
}

interface TabOptions {
  locks?: boolean;
  /** There are locks, but they are refused. */
  broken?: boolean;
  token?: string;
}

/** One tab: its connection, and how it ends. */
export class FakeTab {
  readonly page = new FakePage();
  /** A frozen tab says nothing; what it hears waits. */
  frozen = false;
  dead = false;
  readonly missed: (() => void)[] = [];
  readonly lock: ReturnType<FakeLocks["tab"]>;
  readonly tabs: Tabs | null;
  readonly connection: Connection;
  readonly messages: { event: string; payload: unknown }[] = [];
  /** Who was asked for a link by this tab. */
  readonly own: ReturnType<typeof fakeServer>["links"] = [];

  constructor(
    readonly browser: FakeBrowser,
    readonly name: string,
    { locks = true, broken = false, token = "open:ana" }: TabOptions = {},
  ) {
    this.lock = browser.locks.tab();
    const { server } = browser;
    const openLink: ReturnType<typeof fakeServer>["open"] = (target, events) => {
      const link = server.open(target, events);
      this.own.push(server.last());
      return {
        ...bound(link),
        request: (event, payload, done) => {
          if (event === "ping" && browser.answersPings) done({ ok: true, value: { heads: [] } });
          else link.request(event, payload, done);
        },
      };
    };
    this.tabs = locks
      ? new Tabs({
          locks: broken ? refused(this.lock) : this.lock,
          openLink,
          openChannel: browser.channel(this),
          newId: () => `${name}${++browser.ids}`,
          digest: async (token) => token,
        })
      : null;
    this.connection = new Connection({
      url: "http://127.0.0.1:7420",
      token: async () => token,
      client: async () => `client-${name}`,
      transports: ["websocket", "polling"],
      openLink,
      tabs: this.tabs,
      page: this.page,
      random: () => 1,
      positions: () => [],
    });
    this.connection.events.on("message", (message) => this.messages.push(message));
  }

  get state(): string {
    const { current } = this.connection.status;
    return current.state === "connected" ? current.via : current.state;
  }

  /** Enters a Document and gives the answer's session. */
  async join(document: string): Promise<void> {
    this.connection.request("join", { document, client: `client-${this.name}` }, () => {});
    await settle();
    this.browser.last.answer("join", { ok: true, value: { session: `s-${this.name}`, document } });
    await settle();
  }

  /** Ends at once, and the browser lets its locks go. */
  async die(): Promise<void> {
    this.dead = true;
    for (const link of this.own) link.closed = true;
    this.lock.die();
    await settle();
  }

  /** Stands still, and says nothing about it. */
  freeze(): void {
    this.frozen = true;
  }

  async thaw(): Promise<void> {
    this.frozen = false;
    for (const heard of this.missed.splice(0)) heard();
    await settle();
  }
}

/** The browser. */
export class FakeBrowser {
  readonly locks = new FakeLocks();
  readonly #ears = new Set<Ear>();
  ids = 0;
  /** What is said is lost while this is true of it. */
  isLost: (word: Word) => boolean = () => false;
  readonly said: Word[] = [];
  answersPings = true;

  constructor(readonly server: ReturnType<typeof fakeServer>) {}

  /** The connection that is open at the server. */
  get last() {
    const open = this.server.links.filter(({ closed }) => !closed);
    const [link] = open;
    if (open.length !== 1 || !link) throw new Error(`${open.length} connections are open`);
    return link;
  }

  channel(tab: FakeTab): OpenChannel {
    return (name, heard) => {
      const ear = { name, tab, heard };
      this.#ears.add(ear);
      return {
        post: (word) => {
          if (tab.dead || tab.frozen) return;
          this.said.push(word);
          if (this.isLost(word)) return;
          const copy = structuredClone(word);
          for (const other of this.#ears) {
            if (other === ear || other.name !== name || other.tab.dead) continue;
            const deliver = () => this.#ears.has(other) && other.heard(structuredClone(copy));
            queueMicrotask(() => {
              if (other.tab.frozen) other.tab.missed.push(deliver);
              else deliver();
            });
          }
        },
        close: () => void this.#ears.delete(ear),
      };
    };
  }

  /** Tabs that are connected, the first of them leading. */
  async tabs(...names: string[]): Promise<FakeTab[]> {
    const tabs: FakeTab[] = [];
    for (const name of names) {
      const tab = new FakeTab(this, name);
      tabs.push(tab);
      tab.connection.connect();
      await turns();
      if (tabs.length === 1) await this.accept();
    }
    return tabs;
  }

  /** The server opens the connection that was made last, and greets. */
  async accept(): Promise<void> {
    const link = this.server.last();
    link.events.opened("websocket");
    await turns();
    link.answer("hello", { ok: true, value: HELLO });
    await turns();
  }
}

function bound(link: Link): Link {
  return {
    emit: (event, payload) => link.emit(event, payload),
    request: (event, payload, done) => link.request(event, payload, done),
    close: (why) => link.close(why),
  };
}

function refused(locks: Locks): Locks {
  return {
    ...locks,
    queue: (_name, { lost }) => {
      queueMicrotask(lost);
      return () => {};
    },
  };
}

/** Lets everything that is said be heard. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await settle();
}
