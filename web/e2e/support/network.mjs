/** The network between people and the server: which transports it lets through, by turns if asked, and what it carried. */
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { Transform } from "node:stream";

/** What `COBOARD_TRANSPORT` may say: the network that every test runs on, unless it wants one of its own. */
const RULES = ["websocket", "polling", "switch"];
/** How long a switching network lets WebSockets live once one has carried something. */
const WEBSOCKET_MS = 800;
/** How long it then carries polling, before WebSockets get through again. */
const POLLING_MS = 1_500;

const BOTH = ["websocket", "polling"];
const networks = new Map();

/** The rule of this run. */
export function ruleOfRun() {
  const rule = process.env.COBOARD_TRANSPORT ?? "websocket";
  assert.ok(RULES.includes(rule), `COBOARD_TRANSPORT is one of ${RULES.join(", ")}`);
  return rule;
}

/** Notes that a client at this address says that it is connected by this transport. */
export function claim(url, transport) {
  networks.get(new URL(url).origin)?.claims.add(transport);
}

/**
 * A proxy in front of the server. "websocket" and "polling" let nothing else through, "mixed" all; "switch" begins with
 * all, then cuts every connection and refuses WebSockets until polling has carried work for a while, and so on.
 */
export class Network {
  /** What clients said that they were connected by. */
  claims = new Set();
  /** Bytes from clients to the server, by what carried them. */
  carried = { websocket: 0, polling: 0 };
  switches = 0;
  /** WebSockets to the server that are open now. */
  websockets = 0;
  /** The most of them that were open at once, since somebody last set it. */
  websocketsMost = 0;
  /** What each piece takes on its way, in either direction; 0: nothing. */
  delayMs = 0;
  rule;
  #upstreamPort;
  #allowed;
  #server = createServer((asked, answer) => this.#pass(asked, answer));
  #open = new Set();
  /** Polling sessions that are alive, and those that were cut: nothing of theirs gets through again. */
  #sessions = new Set();
  #cutSessions = new Set();
  #timer = null;
  #held = 0;
  #late = false;
  /** What connections that have ended carried, headers included. */
  #ended = { up: 0, down: 0 };
  #clients = new Set();

  static async start(upstreamPort, rule) {
    const network = new Network();
    network.#upstreamPort = upstreamPort;
    network.rule = rule;
    network.#allowed = new Set(rule === "websocket" || rule === "polling" ? [rule] : BOTH);
    network.#server.on("upgrade", (asked, socket, head) => network.#upgrade(asked, socket, head));
    network.#server.on("connection", (socket) => network.#count(socket));
    await network.up();
    networks.set(network.url, network);
    return network;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Whether a client that asks for a WebSocket may be told no. */
  get refuses() {
    return this.rule === "polling" || this.rule === "switch";
  }

  /** Listens, always on the same port. */
  async up() {
    await new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.port ?? 0, "127.0.0.1", resolve);
    });
    this.port = this.#server.address().port;
  }

  /** Nobody listens any more, as where the server is dead. */
  async down() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#cut();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Bytes that went through so far, from clients and to them, headers included. */
  get bytes() {
    const sum = { ...this.#ended };
    for (const { bytesRead, bytesWritten } of this.#clients) {
      sum.up += bytesRead;
      sum.down += bytesWritten;
    }
    return sum;
  }

  /** Puts switching off until the given function is called: for what two people have to do at the same time. */
  hold() {
    this.#held += 1;
    return () => {
      this.#held -= 1;
      if (this.#held === 0 && this.#late) this.#turn();
    };
  }

  async stop() {
    clearTimeout(this.#timer);
    networks.delete(this.url);
    await this.down();
  }

  /**
   * Fails unless all went the way that the rule says, and clients said so. A line that was there for a `part` of the
   * tests alone may have seen no switch, or no polling after it.
   */
  judge({ part = false } = {}) {
    const { carried, switches, claims, rule } = this;
    // No test of the file was run.
    if (carried.websocket + carried.polling === 0 || (part && rule === "switch")) return;
    const story = `on ${rule}: ${JSON.stringify({ carried, switches, claims: [...claims] })}`;
    const expected = rule === "websocket" || rule === "polling" ? [rule] : BOTH;
    for (const transport of BOTH) {
      assert.equal(carried[transport] > 0, expected.includes(transport), story);
      // Between two switches there may be nobody to say anything: `switch.test.mjs` is where it is said.
      if (rule !== "switch") assert.equal(claims.has(transport), expected.includes(transport), story);
    }
    assert.ok(claims.size > 0, story);
    assert.equal(switches > 0, rule === "switch", story);
  }

  #count(socket) {
    this.#clients.add(socket);
    socket.on("close", () => {
      this.#clients.delete(socket);
      this.#ended.up += socket.bytesRead;
      this.#ended.down += socket.bytesWritten;
    });
  }

  #pass(asked, answer) {
    const url = new URL(asked.url, this.url);
    const live = url.pathname.startsWith("/socket.io/");
    if (live && !this.#lets("polling", url)) {
      answer.writeHead(403).end();
      return;
    }
    const { method, headers } = asked;
    const upstream = request({
      host: "127.0.0.1",
      port: this.#upstreamPort,
      path: asked.url,
      method,
      headers,
    });
    const end = () => {
      upstream.destroy();
      asked.socket.destroy();
    };
    upstream.on("error", end);
    upstream.on("response", (response) => {
      answer.writeHead(response.statusCode, response.headers);
      response.on("error", end);
      response.pipe(this.#slow()).pipe(answer);
    });
    answer.on("close", () => upstream.destroy());
    asked.pipe(this.#slow()).pipe(upstream);
    if (!live) return;
    this.#track(end, answer);
    asked.on("data", (bytes) => {
      this.#sessions.add(url.searchParams.get("sid"));
      this.#carry("polling", bytes.length);
    });
  }

  #upgrade(asked, socket, head) {
    socket.on("error", () => {});
    if (!this.#lets("websocket", new URL(asked.url, this.url))) {
      socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
      return;
    }
    const upstream = connect(this.#upstreamPort, "127.0.0.1");
    const end = () => {
      upstream.destroy();
      socket.destroy();
    };
    upstream.on("error", end).on("close", end);
    socket.on("close", end);
    const lines = [`${asked.method} ${asked.url} HTTP/1.1`];
    for (let index = 0; index < asked.rawHeaders.length; index += 2) {
      lines.push(`${asked.rawHeaders[index]}: ${asked.rawHeaders[index + 1]}`);
    }
    upstream.write(`${lines.join("\r\n")}\r\n\r\n`);
    upstream.write(head);
    socket.on("data", (bytes) => this.#carry("websocket", bytes.length));
    socket.pipe(this.#slow()).pipe(upstream).pipe(this.#slow()).pipe(socket);
    this.#track(end, socket);
    this.websockets += 1;
    this.websocketsMost = Math.max(this.websocketsMost, this.websockets);
    socket.on("close", () => {
      this.websockets -= 1;
    });
  }

  /** One piece after the other, each as late as the line is slow. */
  #slow() {
    return new Transform({
      transform: (piece, _encoding, pass) => {
        if (this.delayMs === 0) pass(null, piece);
        else setTimeout(pass, this.delayMs, null, piece);
      },
    });
  }

  #lets(transport, url) {
    return this.#allowed.has(transport) && !this.#cutSessions.has(url.searchParams.get("sid"));
  }

  #track(end, stream) {
    this.#open.add(end);
    stream.on("close", () => this.#open.delete(end));
  }

  #carry(transport, bytes) {
    this.carried[transport] += bytes;
    if (this.rule !== "switch" || this.#timer) return;
    const blocked = !this.#allowed.has("websocket");
    // A new phase ends only after it has been used.
    if (transport === (blocked ? "polling" : "websocket")) {
      this.#timer = setTimeout(() => this.#turn(), blocked ? POLLING_MS : WEBSOCKET_MS);
    }
  }

  #turn() {
    this.#late = this.#held > 0;
    if (this.#late) return;
    this.#timer = null;
    this.switches += 1;
    if (!this.#allowed.delete("websocket")) this.#allowed.add("websocket");
    this.#cut();
  }

  /** Ends every live connection, in the middle of whatever it carries. */
  #cut() {
    for (const session of this.#sessions) this.#cutSessions.add(session);
    this.#sessions.clear();
    for (const end of this.#open) end();
    this.#open.clear();
  }
}
