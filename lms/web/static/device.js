// What a device holds of this site (worker.js), for the pages that show it.

// Asks the worker; resolves to its last answer, { kind: "done", … } or what went wrong. `during` hears the others.
export async function ask(message, during = () => {}) {
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => (data.kind === "at" ? during(data) : resolve(data));
    active.postMessage(message, [port2]);
  });
}

export function size(bytes) {
  const [shown, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1e3), "kB"] : [bytes / 1e6, "MB"];
  return `${shown.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${unit}`;
}

export function when(iso) {
  return new Date(iso).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
}
