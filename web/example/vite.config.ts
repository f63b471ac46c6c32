/** Serves the example beside a server that runs: `COBOARD_SERVER` says where, if not on this machine at the usual port. */
import { defineConfig } from "vite";

// The page and the server seem to be one: a change from elsewhere would be refused.
const SERVER = process.env.COBOARD_SERVER ?? "http://127.0.0.1:7420";

export default defineConfig({
  server: {
    host: "127.0.0.1",
    proxy: { "/api": { target: SERVER }, "/socket.io": { target: SERVER, ws: true } },
  },
});
