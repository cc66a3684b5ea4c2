// What is done on a page is kept on this device and sent at the same time (docs/adr/0022). Knows no kind of deed.

import { flush } from "./flush.js";
import { openQueue } from "./queue.js";
import { sendDeed } from "./sending.js";

export const opening = openQueue();

// The deeds of this person that wait.
export async function waitingDeeds(user) {
  return (await (await opening)?.deeds(user).catch(() => [])) ?? [];
}

// Resolves to { reply, kept, newest }: what the server said (sending.js), whether the device holds the deed, and, once
// the server has it or never will, whether nothing newer has taken its place. `more`: what the server is told besides,
// as long as somebody waits for it.
export async function keepAndSend(deed, door, more = []) {
  const keeping = opening.then((queue) => queue?.putDeed(deed).then(() => true)).catch(() => false);
  const reply = await sendDeed({ ...deed, body: [...deed.body, ...more] }, door);
  const queue = (await keeping) && (await opening);
  const kept = Boolean(queue);
  if (reply.kind === "done" || reply.kind === "refused") {
    return { reply, kept, newest: !queue || (await queue.removeDeed(deed)) };
  }
  if (queue) flush();
  return { reply, kept, newest: false };
}

// The server's time: when it made this page (`now`), and what went by since. A count stands still while a phone sleeps,
// and a phone's clock may be set: the longer of the two is told, and the server takes nothing from the future. Of a page
// that this device kept only the clock knows how long ago (`data-kept`).
export function moment(now) {
  const { kept } = document.documentElement.dataset;
  const arrived = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
  const since = kept ? Date.parse(kept) : performance.timeOrigin + arrived;
  const passed = Math.max(performance.now() - arrived, Date.now() - since);
  return new Date(Date.parse(now) + passed).toISOString();
}
