/**
 * The service worker: the application opens without a network. It keeps the page and its files and nothing else: what
 * the server says goes past it, and Documents are kept by the SDK.
 */
import { FILES, routeOf } from "./files";
import { activate, hashed, install, page, plain } from "./serve";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => {
  event.waitUntil(install(FILES).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(activate(FILES).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  switch (routeOf(request, self.location.origin)) {
    case "page":
      return event.respondWith(page(request, FILES));
    case "hashed":
      return event.respondWith(hashed(request, FILES));
    case "plain":
      return event.respondWith(plain(request, FILES));
    case "none":
      return;
  }
});
