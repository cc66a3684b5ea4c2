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

// What is here: { modules: [{ list, href, title, pages, beside, version, bytes, kept }], beside: [page], pages: [page] },
// a page being { href, title, kept }. `beside`: what is kept as long as any module is.
export async function list() {
  const mount = new URL((await navigator.serviceWorker.ready).scope).pathname;
  const cache = await ofPerson(`latsar ${mount} `);
  const told = { modules: [], beside: [], pages: [] };
  const texts = new Map();
  for (const { url } of (await cache?.keys()) ?? []) {
    const { pathname } = new URL(url);
    const response = await cache.match(url, { ignoreVary: true });
    if (pathname.startsWith(`${mount}luring/`)) told.modules.push({ list: pathname, ...(await response.json()) });
    else if (response.headers.has("Latsar-Page") && pathname !== `${mount}luring`) texts.set(pathname, await response.text());
  }
  for (const module of told.modules) {
    [module.href] = module.pages;
    module.bytes = await weight(cache, module.pages, texts);
  }
  const inModules = new Set(told.modules.flatMap(({ pages }) => pages));
  const beside = new Set(told.modules.flatMap(({ beside }) => beside ?? []));
  for (const [href, text] of texts) {
    if (!inModules.has(href)) told[beside.has(href) ? "beside" : "pages"].push({ href, ...headOf(text) });
  }
  return told;
}

// The cache of the person whose device this is now (worker.js).
async function ofPerson(ours) {
  const name = (await caches.keys()).find((one) => one.startsWith(ours) && !one.startsWith(`${ours}- `));
  return name && caches.open(name);
}

// Bytes of these pages and their pictures. Scripts and styles are shared by all, and a tenth of it.
async function weight(cache, pages, texts) {
  const shown = new Set();
  let bytes = 0;
  for (const path of pages) {
    const text = texts.get(path) ?? "";
    bytes += new Blob([text]).size;
    for (const [, picture] of text.matchAll(/="([^"]*\/media\/[^"]+)"/g)) shown.add(picture);
  }
  for (const url of shown) bytes += (await (await cache.match(url))?.blob())?.size ?? 0;
  return bytes;
}

function headOf(text) {
  const [, kept] = /data-kept="([^"]*)"/.exec(text) ?? [];
  const [, title] = /<title>([^<]*) · [^<]*<\/title>/.exec(text) ?? [];
  return { kept, title };
}

// Lets go of a module, and with the last one of what is kept beside.
export async function forget(module) {
  const { modules } = await list();
  return ask({ do: "forget", list: module, last: modules.every((one) => one.list === module) });
}

export function size(bytes) {
  const [shown, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1e3), "kB"] : [bytes / 1e6, "MB"];
  return `${shown.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${unit}`;
}

export function when(iso) {
  return new Date(iso).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
}
