/** A link on the official Socket.IO client. Its own reconnection is off: `Connection` decides when to try again. */
import { io, type Socket } from "socket.io-client";
import type { Transport } from "../api/basic.js";
import type { Answer } from "../core/boundary.js";
import type { LinkEvents, OpenLink } from "./link.js";

/** That this end ends it, in Socket.IO. */
const DISCONNECT = "1";

/** The page is going: a request that is not a beacon is cut off with it. */
let isGoing = false;
const note = ({ type }: Event) => {
  isGoing = type === "pagehide";
};
globalThis.window?.addEventListener("pagehide", note, { capture: true });
globalThis.window?.addEventListener("pageshow", note, { capture: true });

/** Opens a Socket.IO connection with a manager of its own, so that nothing buffered outlives it. @internal */
export const openSocketLink: OpenLink = ({ url, token, transports }, events) => {
  const { origin, pathname } = new URL(url);
  const path = `${pathname.replace(/\/$/, "")}/socket.io`;
  const address = `${origin}${path}/`;
  const socket = io(origin, {
    path,
    auth: { token },
    autoConnect: false,
    forceNew: true,
    multiplex: false,
    reconnection: false,
    transports: [...transports],
  });
  listen(socket, events);
  socket.connect();
  return {
    emit: (event, payload) => {
      if (!isGoing || !sendBeacon(socket, address, `2${JSON.stringify([event, payload])}`))
        socket.emit(event, payload);
    },
    request: (event, payload, done) => void socket.emit(event, payload, (answer: Answer) => done(answer)),
    close: () => {
      // A page that is kept to go back to is frozen with what it was about to send.
      if (isGoing) sendBeacon(socket, address, DISCONNECT);
      close(socket);
    },
  };
};

function listen(socket: Socket, events: LinkEvents): void {
  socket.on("connect", () => {
    const { engine } = socket.io;
    events.opened(engine.transport.name as Transport);
    engine.on("upgrade", (transport) => events.upgraded(transport.name as Transport));
  });
  socket.on("connect_error", (error) => {
    const fromServer = !("type" in error) && error.message.startsWith("E_");
    close(socket);
    if (fromServer) events.refused(error.message);
    else events.failed();
  });
  socket.on("disconnect", (reason) => {
    close(socket);
    events.closed(reason === "ping timeout" ? "silent" : "closed");
  });
  socket.onAny((event: string, payload: unknown) => events.message(event, payload));
}

/** Sends a packet of Socket.IO by a beacon where it would go by polling: in a MESSAGE of Engine.IO 4. */
function sendBeacon(socket: Socket, address: string, packet: string): boolean {
  const { engine } = socket.io;
  if (!socket.connected || engine.transport.name !== "polling") return false;
  const query = new URLSearchParams({ EIO: "4", transport: "polling", sid: engine.id });
  return globalThis.navigator?.sendBeacon?.(`${address}?${query}`, `4${packet}`) ?? false;
}

function close(socket: Socket): void {
  socket.removeAllListeners();
  socket.offAny();
  socket.disconnect();
}
