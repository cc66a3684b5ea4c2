// When something is done, in the server's time: when it made this page, and what went by since. A count stands still
// while a phone sleeps, and a phone's clock may be set: the longer of the two is told, and the server takes nothing from
// the future. `now`: the page's `data-now`.
export function moment(now) {
  const arrived = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
  const passed = Math.max(performance.now(), Date.now() - performance.timeOrigin) - arrived;
  return new Date(Date.parse(now) + passed).toISOString();
}
