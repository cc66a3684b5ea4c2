// Answers for this site where the link does not. Served as sw.js at the top of the mount, with RELEASE before the first
// line, a name of all our files.
//
// The server is asked first, always; what is kept is shown when it does not answer, and says so itself. Which
// pages may be kept, and whose they are, the server tells with each (lms/web/keeping.py):
// Latsar-Page: <mount> <person> <keep or show> <manner> [<moment>]. There is one cache for each person, with all that their
// pages need, and it goes as soon as a page is somebody else's or nobody's. What people do is never sent from here
// (queue.js).
//
// Pages in a frame of a platform (LTI) ask for no worker. Browsers differ in which cookies of a frame it has: Firefox (140)
// asks ahead without them, Chromium asks without them where it does not keep workers apart as it keeps cookies; and without
// a link the page around is not there either. A worker that is there for tabs of our own passes on what frames ask for.

const MOUNT = new URL("./", location.href).pathname;
const OURS = `latsar ${MOUNT} `; // how the names of our caches begin: other mounts have their own
const SHELL = `${OURS}- ${RELEASE}`; // of nobody
const OFFLINE = new URL("luring", location.href).href;
const CARDS = new URL("buku-kesalahan/ulangi", location.href).href; // which change from day to day
const PATIENCE = 4_000; // milliseconds until a kept page is shown while the server is still being waited for
const LIMIT = 30_000;
const HOUR = 3_600_000;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", answer);
addEventListener("message", obey);

// Nothing of ours depends on which release of the worker serves it, for files are named by their digest: the newest takes
// over at once.
async function install() {
  const shell = await caches.open(SHELL);
  const page = await fetch(OFFLINE, { credentials: "omit" });
  await store(shell, await whole(shell, OFFLINE, page));
  await skipWaiting();
}

async function activate() {
  for (const name of await ours()) if (name.startsWith(`${OURS}- `) && name !== SHELL) await caches.delete(name);
  await registration.navigationPreload?.enable();
  await clients.claim();
  const cache = await own();
  if (!cache) return;
  await keep(OFFLINE).catch(() => {});
  await sweep(cache);
}

// --- what is asked for ----------------------------------------------------------------------------------------------

function answer(event) {
  const { request } = event;
  const room = roomOf(request.url);
  if (room === null) return;
  if (request.mode === "navigate") {
    if (request.method === "GET") event.respondWith(request.destination === "iframe" ? ask(event) : page(event));
    else if (room.startsWith("keluar")) event.respondWith(leave(event));
    else if (["masuk", "undangan"].includes(room)) event.respondWith(forgetAll().then(() => fetch(request)));
  } else if (request.method === "GET" && room === "static") {
    event.respondWith(held(request.url).then((file) => file ?? fetch(request)));
  } else if (request.method === "GET" && room === "media") {
    event.respondWith(fetch(request).catch(async () => (await held(request.url)) ?? Response.error()));
  }
}

// The first part of an address below our mount; null where it is none of ours.
function roomOf(url) {
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin || !pathname.startsWith(MOUNT)) return null;
  return pathname.slice(MOUNT.length).split("/", 1)[0];
}

async function page(event) {
  const [url] = event.request.url.split("#");
  let heard;
  const since = leavings;
  const arriving = ask(event).then((response) => {
    heard = hear(response, url, since);
    return response;
  });
  event.waitUntil(arriving.then(() => heard).catch(() => {})); // a full disk is nobody's trouble here
  const kept = await held(url.split("?")[0]);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const response = await (kept ? Promise.race([arriving, late]) : arriving).catch(() => null);
  if (response && !(kept && response.status >= 500)) return response;
  return kept ?? (await held(OFFLINE)) ?? Response.error();
}

async function ask({ request, preloadResponse }) {
  return (await preloadResponse) ?? fetch(request);
}

// Takes the server at its word: forgets what is not this person's, and keeps what may be kept.
async function hear(response, url, since) {
  const told = toldBy(response);
  if (!told) return;
  const copy = told.keep && told.person !== "-" && !url.includes("?") && response.clone();
  await forget((person) => person !== told.person);
  if (copy) {
    const page = await stamped(copy);
    if (since !== leavings) return;
    await (await caches.open(OURS + told.person)).put(url, page);
  }
  await renew(told, Date.parse(response.headers.get("Date")));
  await matchManner(told);
}

// Cards that are kept for an hour, or from before a quiz began that may ask them, are asked for anew: now they hold what
// was missed since, and nothing that the quiz asks.
async function renew({ person, moment }, now) {
  const cache = await own();
  const kept = Date.parse((await cache?.match(CARDS, { ignoreVary: true }))?.headers.get("Date"));
  if (!(kept <= Math.max(now - HOUR, moment))) return;
  await keep(CARDS, person).catch(() => kept <= moment && remove(cache, CARDS));
}

// The page that stands for others speaks and looks as the person has it by now.
async function matchManner({ manner }) {
  const page = await (await own())?.match(OFFLINE, { ignoreVary: true });
  if (page && toldBy(page).manner !== manner) await keep(OFFLINE);
}

let leavings = 0; // what was asked for before somebody left is not kept after it

async function forgetAll() {
  leavings++;
  await forget(() => true);
}

// Whoever signs out leaves nothing. The server may first ask whether it shall be (a quiz runs), so it is asked whether
// it was. Without a link the device is cleared all the same, and the page says that the server does not know.
async function leave(event) {
  leavings++;
  try {
    const response = await fetch(event.request);
    event.waitUntil(forgetStranger());
    return response;
  } catch {
    const page = await held(OFFLINE); // in this person's language
    await forgetAll();
    const text = (await page?.text()) ?? "";
    return new Response(text.replace("<html ", "<html data-left "), { headers: page?.headers });
  }
}

async function forgetStranger() {
  const reply = await fetch(`${MOUNT}segar`, { headers: { Accept: "application/json" } }).catch(() => null);
  const user = reply?.ok && (await reply.json()).user;
  leavings++; // what was asked for while the server was being asked
  await forget((person) => person !== user);
}

// --- what is kept ---------------------------------------------------------------------------------------------------

function toldBy(response) {
  const [mount, person, may, manner, moment] = response.headers.get("Latsar-Page")?.split(" ") ?? [];
  return mount === MOUNT ? { person, keep: may === "keep", manner, moment: Date.parse(moment) || 0 } : null;
}

async function ours() {
  return (await caches.keys()).filter((name) => name.startsWith(OURS));
}

async function persons() {
  return (await ours()).filter((name) => !name.startsWith(`${OURS}- `));
}

async function forget(whom) {
  for (const name of await persons()) if (whom(name.slice(OURS.length))) await caches.delete(name);
}

// The cache of the person whose device this is now.
async function own() {
  const [name] = await persons();
  return name && caches.open(name);
}

async function held(url) {
  for (const name of (await ours()).reverse()) {
    const found = await (await caches.open(name)).match(url, { ignoreVary: true });
    if (found) return found;
  }
}

// The page as it is kept: it says where it comes from, and from when it is (_kept.html).
async function stamped(response) {
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  const text = await response.text();
  const [, lang] = /<html lang="(\w+)"/.exec(text) ?? [];
  const now = new Date();
  const when = now.toLocaleString(lang, { dateStyle: "medium", timeStyle: "short" });
  const told = text
    .replace("<html ", `<html data-kept="${now.toISOString()}" `)
    .replace("data-kept-notice hidden>", "data-kept-notice>")
    .replace("<time></time>", `<time>${when}</time>`);
  return new Response(told, { headers });
}

// What a page, or a script of ours, names of our files, also those that come later (`data-notes`), but for icons of the
// home screen.
const FILES = /="([^"]*\/(?:static\/(?:house\/[^"]+|[^"]+\.(?:css|js|svg))|media\/[^"]+))"|"\.\/([\w-]+\.\w+\.js)"/g;

function* named(text, base) {
  for (const [, file, script] of text.matchAll(FILES)) yield new URL(file ?? script, base).href;
}

// The page and all that it shows, fetched and not yet stored: url → response. What is named by its digest and held
// already is not fetched again.
async function whole(cache, url, page, found = new Map()) {
  const kept = await stamped(page);
  await gather(cache, await kept.clone().text(), url, found);
  return found.set(url, kept);
}

async function gather(cache, text, base, found) {
  for (const url of named(text, base)) {
    if (found.has(url)) continue;
    const file = (url.includes("/static/") && (await cache.match(url))) || (await fetchOf(url));
    found.set(url, file.clone());
    if (url.endsWith(".js")) await gather(cache, await file.text(), url, found);
  }
}

async function fetchOf(url, headers) {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout?.(LIMIT) });
  if (!response.ok) throw new Trouble(response.status === 401 ? "signed-out" : "failed");
  return response;
}

// A page of ours that may be kept, for this person; where it may not, somebody else is signed in, or nobody.
async function pageOf(url, person) {
  const response = await fetchOf(url, { "Latsar-Page": "keep" });
  const told = toldBy(response);
  if (!told?.keep || told.person === "-" || (person && told.person !== person)) throw new Trouble("signed-out");
  return [response, told.person];
}

// Files before pages: whenever it breaks off, every page that is here has all it needs.
async function store(cache, found) {
  for (const [url, response] of found) await cache.put(url, response);
}

async function keep(url, expected) {
  const since = leavings;
  const [page, person] = await pageOf(url, expected);
  const cache = await caches.open(OURS + person);
  const found = await whole(cache, url, page);
  if (since === leavings) await store(cache, found);
}

function isFile({ url }) {
  return ["static", "media"].includes(roomOf(url));
}

// Lets go of files that no page needs any more.
async function sweep(cache) {
  const held = await cache.keys();
  const needed = new Set();
  const reach = async (url) => {
    const text = await (await cache.match(url, { ignoreVary: true }))?.text();
    for (const one of named(text ?? "", url)) {
      if (needed.has(one)) continue;
      needed.add(one);
      if (one.endsWith(".js")) await reach(one);
    }
  };
  for (const one of held) if (!isFile(one)) await reach(one.url);
  for (const one of held) if (isFile(one) && !needed.has(one.url)) await cache.delete(one);
}

// --- what pages ask of us (device.js) -------------------------------------------------------------------------------

class Trouble extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

const WORK = {
  opened,
  places: addPlaces,
  keep: keepModule,
  forget: forgetModule,
  "forget-pages": forgetPages,
  "forget-all": forgetAll,
};

// A message: { do, … }. The answer: { kind: "done", … }, or { kind } with what went wrong; before it perhaps { kind: "at" }.
function obey(event) {
  const { data, ports: [port] } = event;
  const work = WORK[data.do];
  const say = (told) => port?.postMessage(told);
  event.waitUntil(
    work(data, say).then(
      (told) => say({ kind: "done", ...told }),
      (error) => say({ kind: kindOf(error) }),
    ),
  );
}

function kindOf(error) {
  if (error instanceof Trouble) return error.kind;
  return error.name === "QuotaExceededError" ? "full" : "lost";
}

// A page that may be kept was opened and has loaded: what it needs is in the browser's own cache now.
async function opened({ page }) {
  for (const url of [page, OFFLINE]) {
    const cache = await own();
    const known = await cache?.match(url, { ignoreVary: true });
    if (known) {
      const found = new Map();
      await gather(cache, await known.text(), url, found);
      await store(cache, found);
    } else await keep(url);
  }
}

// All or nothing is fetched before the first of it is stored; the list comes last and says that all of it is here.
async function keepModule({ list: address }, say) {
  const since = leavings;
  const [list, person] = await pageOf(address);
  const { pages, beside } = await list.clone().json();
  const all = [...pages, ...beside];
  const cache = await caches.open(OURS + person);
  const found = new Map();
  for (const [at, path] of all.entries()) {
    say({ kind: "at", at: at + 1, of: all.length });
    const url = new URL(path, location.origin).href;
    const [page] = await pageOf(url, person);
    await whole(cache, url, page, found);
  }
  if (since !== leavings) throw new Trouble("signed-out");
  const before = await pagesOf(cache, address);
  await storeModule(cache, found, address, list);
  for (const path of before) if (!pages.includes(path)) await remove(cache, path);
  await sweep(cache);
}

// Where room gets short, pages that were not here before go again: a half of a module is no use.
async function storeModule(cache, found, address, list) {
  const here = new Set((await cache.keys()).map(({ url }) => url));
  try {
    await store(cache, found);
    await cache.put(address, await dated(list));
  } catch (error) {
    for (const url of found.keys()) if (!here.has(url) && !isFile({ url })) await remove(cache, url);
    await sweep(cache);
    throw error;
  }
}

async function dated(list) {
  return new Response(JSON.stringify({ ...(await list.json()), kept: new Date().toISOString() }));
}

async function pagesOf(cache, address) {
  return (await (await cache.match(address))?.json())?.pages ?? [];
}

// `last`: no other module is kept.
async function forgetModule({ list: address, last }) {
  const cache = await own();
  if (!cache) return;
  for (const path of await pagesOf(cache, address)) await remove(cache, path);
  if (last) await remove(cache, CARDS);
  await cache.delete(address);
  await sweep(cache);
}

async function forgetPages({ pages }) {
  const cache = await own();
  for (const page of pages) await remove(cache, page);
  await sweep(cache);
}

function remove(cache, page) {
  return cache.delete(page, { ignoreVary: true });
}

// What of a kept page looks different since, { id: html }, stands in the page, whose script puts it in its place.
const PLACES = /<script type="application\/json" data-places>(.*?)<\/script>|(?=<\/main>)/s;

async function addPlaces({ page, places }) {
  const cache = await own();
  const kept = await cache?.match(page, { ignoreVary: true });
  if (!kept || !places) return;
  const text = await kept.text();
  const [, before] = PLACES.exec(text) ?? [];
  const all = JSON.stringify({ ...JSON.parse(before ?? "{}"), ...places }).replaceAll("<", "\\u003c");
  const held = text.replace(PLACES, () => `<script type="application/json" data-places>${all}</script>`);
  await cache.put(page, new Response(held, { headers: kept.headers }));
}
