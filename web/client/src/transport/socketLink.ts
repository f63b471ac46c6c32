/** A link on the official Socket.IO client. Its own reconnection is off: `Connection` decides when to try again. */
import { io, type Socket } from "socket.io-client";
import type { Transport } from "../api/basic.js";
import type { Answer } from "../core/boundary.js";
import type { LinkEvents, OpenLink } from "./link.js";

/** Opens a Socket.IO connection with a manager of its own, so that nothing buffered outlives it. @internal */
export const openSocketLink: OpenLink = ({ url, token, transports }, events) => {
  const { origin, pathname } = new URL(url);
  const socket = io(origin, {
    path: `${pathname.replace(/\/$/, "")}/socket.io`,
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
    emit: (event, payload) => void socket.emit(event, payload),
    request: (event, payload, done) => void socket.emit(event, payload, (answer: Answer) => done(answer)),
    close: () => close(socket),
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

function close(socket: Socket): void {
  socket.removeAllListeners();
  socket.offAny();
  socket.disconnect();
}
