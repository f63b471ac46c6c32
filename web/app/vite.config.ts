/** How the application is built, served in development, and tested. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { offlineShell, WORKER_FILE } from "./build/offlineShell.ts";

/** The server the development proxy talks to. */
const SERVER = process.env.COBOARD_SERVER ?? "http://127.0.0.1:7420";

/** All of ours but what only the palettes of commands share. */
const SHARED = /\/app\/src\/(?!keys\/(?:Palette|commands|keys\.module))|\/react\/dist\//;

export default defineConfig({
  base: "/",
  plugins: [react(), offlineShell()],
  build: {
    target: "es2022",
    manifest: true,
    sourcemap: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: { index: "index.html", worker: "src/worker/worker.ts" },
      output: {
        // What the page of a dashboard shares with parts that are loaded later is one file, not thirty.
        codeSplitting: {
          groups: [{ name: "shared", test: SHARED, minShareCount: 2 }],
        },
        entryFileNames: ({ name }) => (name === "worker" ? WORKER_FILE : "assets/[name]-[hash].js"),
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      // As an object, so that the server sees the address of the page as its own: a change from elsewhere is refused.
      "/api": { target: SERVER },
      "/healthz": SERVER,
      "/socket.io": { target: SERVER, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["test/setup.ts"],
    include: ["{src,test}/**/*.test.{ts,tsx}"],
  },
});
