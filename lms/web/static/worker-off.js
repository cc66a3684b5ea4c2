// Takes worker.js back from a device. Served as sw.js where LMS_OFFLINE is false: a browser asks for it by itself, whatever the
// worker does with pages and scripts.
//
// It goes at once, while it is being installed: a browser activates no new worker before the old one has answered
// what it was asked, and one that does harm may never. From here on pages come from the server again. What waits to be
// sent (queue.js) stays.

const OURS = `latsar ${new URL("./", location.href).pathname} `;

addEventListener("install", (event) => {
  skipWaiting(); // for pages that are open, where the old one lets go
  registration.unregister(); // not waited for: it comes about once this is installed
  event.waitUntil(clear());
});
addEventListener("activate", (event) => event.waitUntil(clear())); // what the old one kept meanwhile

async function clear() {
  for (const name of await caches.keys()) if (name.startsWith(OURS)) await caches.delete(name);
}
