// SPDX-License-Identifier: Apache-2.0
// Keeps the pages that it is told of, with their styles and scripts, and answers with them when there is no connection.
const KEPT = "gradus-visit";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const keep = async () => {
    const cache = await caches.open(KEPT);
    for (const address of event.data.keep) {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) await cache.put(address, answer);
    }
    event.source.postMessage({ kept: true });
  };
  event.waitUntil(keep().catch(() => undefined));
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(
    fetch(event.request).catch(async (error) => {
      const kept = await caches.match(event.request, { ignoreVary: true });
      if (kept) return kept;
      throw error;
    }),
  );
});
