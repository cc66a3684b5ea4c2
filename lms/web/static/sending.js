// How this device speaks with the server, and what each reply means. Knows neither page nor queue.

const PATIENCE = 15_000;
const FRESH = new URL("../segar", import.meta.url); // static files lie one level below the application

// Sends one answer. Resolves to { kind } with
//   saved { at } · older { revision, response } · refused { message } · stale { message } (perhaps only the token)
//   signed-out · lost { server, after } (no link, or a server that cannot answer now, and when it asks to be asked again)
export function sendAnswer({ url, body }, token) {
  const more = { headers: { "Content-Type": "application/json" }, keepalive: document.hidden };
  return post(url, token, JSON.stringify(body), more, async (reply) => {
    const told = await reply.json();
    if (reply.status === 200) return { kind: "saved", at: told.saved_at };
    if (reply.status === 409 && "revision" in told) return { kind: "older", ...told };
    return problem(reply.status, told);
  });
}

// Hands an attempt in. Resolves to { kind: "submitted", href } or as above; refused: its time is over.
export function sendSubmit({ url }, token) {
  return post(url, token, new URLSearchParams({ action: "submit", confirmed: "1" }), {}, async (reply) => {
    if (reply.ok && reply.redirected) return { kind: "submitted", href: reply.url };
    return problem(reply.status, await reply.json());
  });
}

// Sends what a person did (queue.js), as the form it would be without a script. `door`: { user, csrf }; its token is
// asked for anew when the server does not take it. Resolves to { kind: "done", ... } with what the server told, to
// refused, signed-out or lost as above, or to stranger: somebody else is signed in.
export async function sendDeed(deed, door) {
  const reply = await postDeed(deed, door.csrf);
  if (reply.kind !== "stale") return reply;
  const fresh = await askFresh();
  if (fresh.kind !== "fresh") return fresh;
  if (fresh.user !== deed.user) return { kind: "stranger" };
  door.csrf = fresh.csrf;
  const again = await postDeed(deed, door.csrf);
  return again.kind === "stale" ? { ...again, kind: "refused" } : again;
}

function postDeed({ url, body, made_at }, token) {
  const form = new URLSearchParams([...body, ["made_at", made_at]]);
  return post(url, token, form, { keepalive: true }, async (reply) => {
    const told = await reply.json();
    if (reply.ok) return { kind: "done", ...told };
    const { kind, message } = problem(reply.status, told);
    return { kind: [403, 404].includes(reply.status) ? "refused" : kind, message };
  });
}

async function post(url, token, body, { headers, keepalive }, read) {
  try {
    const reply = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token, ...headers },
      body,
      keepalive,
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    return failed(reply) ? unable(reply) : await read(reply);
  } catch {
    return { kind: "lost", server: false };
  }
}

// Something answered, and it is not us or cannot be now, whatever it wrote: the link is there.
function failed({ status }) {
  return status === 429 || status >= 500;
}

function unable({ headers }) {
  return { kind: "lost", server: true, after: 1_000 * headers.get("Retry-After") || undefined };
}

function problem(status, told) {
  const message = told.error?.message ?? "";
  if (status === 401) return { kind: "signed-out" };
  return { kind: status === 409 ? "refused" : "stale", message };
}

// Asks who is signed in, for a token that is good now, for the server's time, and until when an attempt runs.
// Resolves to { kind: "fresh", csrf, user, now, words, deadline_at, revisions }, signed-out or lost. `revisions`: of each
// answer that the server holds, while the attempt is open.
export async function askFresh(attempt = "") {
  try {
    const reply = await fetch(`${FRESH}${attempt && "?percobaan="}${attempt}`, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    if (reply.status === 401) return { kind: "signed-out" };
    return reply.ok ? { kind: "fresh", ...(await reply.json()) } : unable(reply);
  } catch {
    return { kind: "lost", server: false };
  }
}

// Grows from one second to half a minute, or to what the server asked for where that is less, and never ends at the same
// moment for everybody.
export function pause(tries, after = 30_000) {
  return Math.min(30_000, after, 1_000 * 2 ** tries) * (0.5 + Math.random());
}

export function sameAnswer(one, other) {
  return JSON.stringify([...(one ?? [])].sort()) === JSON.stringify([...(other ?? [])].sort());
}

// crypto.randomUUID is missing where the site is not served over https.
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
