/** Opens the week pages without network. Keeps nothing else: no pay, no members, no queue.
 *
 * A week is asked of the network first; its copy serves when there is none, when it hangs or when the
 * server is away, and says that it is a copy. All copies are of one person: they go when that person
 * signs out, and when another one opens a week on this device (or any page: sheet_store.js).
 */

const WEEKS = "koumbit-weeks-1";
const PARTS = "koumbit-parts-1";
const WEEK = /^\/hours\/(\d{4}-\d{2}-\d{2})\/$/;
const MINE = "/hours/"; // leads to the week of today
const NAMED_BY_CONTENT = /\.[0-9a-f]{12}\.\w+$/;
const OWNER = "/owner"; // under this name, whose weeks these are
const MOST_WEEKS = 12;
const MOST_PARTS = 80;
const PATIENCE = 5_000; // milliseconds
const KEPT_AT = "X-Kept-At"; // milliseconds, by this device's clock
const READ_AT = "X-Read-At"; // when the page was made, by the co-op's clock
const ZONE = "X-Zone";
// Whoever signs out meanwhile is led to the sign-in page, whose cookie must not change under them.
const ASIDE = { redirect: "manual" };
const FRESH = 12 * 3600 * 1000; // milliseconds

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && (WEEK.test(url.pathname) || url.pathname === MINE)) event.respondWith(week(event, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(part(event));
});

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keepOpened(event.data).catch(() => {})); // no network: next time
});

/** The network's answer; the copy if it fails, is away, or takes too long while there is one. */
async function first(event, copyOf) {
  const asked = fetch(event.request);
  event.waitUntil(asked.catch(() => {}));
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  try {
    const answer = await Promise.race([asked, late]);
    if (answer && ![502, 503, 504].includes(answer.status)) return answer;
    return (await copyOf()) ?? asked;
  } catch (failure) {
    const copy = await copyOf();
    if (copy) return copy;
    throw failure;
  }
}

async function week(event, url) {
  const copyOf = async () => {
    const cache = await caches.open(WEEKS);
    const copy = await (url.pathname === MINE ? thisWeek(cache) : cache.match(url.origin + url.pathname));
    if (!copy) return null;
    const got = copy.headers.get(KEPT_AT);
    const page = (await copy.text()).replace('data-copy="no"', `data-copy="yes"${got ? ` data-got-at="${got}"` : ""}`);
    return new Response(page, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  };
  const answer = await first(event, copyOf);
  if (answer.url) event.waitUntil(keepWeek(url, answer.clone()));
  return answer;
}

/** Keep the page of a week, for the person it is of. The one opened for late hours is another page. */
async function keepWeek(url, answer) {
  if (!answer.ok || answer.redirected || !WEEK.test(url.pathname) || url.searchParams.has("late")) return;
  const page = await answer.text();
  const person = page.match(/data-person="(\d+)"/)?.[1];
  if (!person) return;
  const owner = await (await caches.open(WEEKS)).match(OWNER);
  if (owner && (await owner.text()) !== person) await caches.delete(WEEKS);
  const cache = await caches.open(WEEKS);
  await cache.put(OWNER, new Response(person));
  const headers = { [KEPT_AT]: Date.now(), [READ_AT]: said(page, "read-at"), [ZONE]: said(page, "zone") };
  await cache.put(url.origin + url.pathname, new Response(page, { headers }));
  for (const old of (await kept(cache)).slice(0, -MOST_WEEKS)) await cache.delete(old);
}

/** What a page says of itself. A week that may not be typed in says less. */
const said = (page, name) => page.match(new RegExp(`data-${name}="([^"]+)"`))?.[1] ?? "";

/** The addresses of the weeks that are kept, the oldest first. */
const kept = async (cache) => (await cache.keys()).map(({ url }) => url).filter((url) => WEEK.test(new URL(url).pathname)).sort();

/** The week of today for whoever asks for “my week”: the last that has begun. */
async function thisWeek(cache) {
  const weeks = await kept(cache);
  if (!weeks.length) return null;
  const today = todayAfter(await Promise.all(weeks.map((url) => cache.match(url))));
  const begun = weeks.filter((url) => WEEK.exec(new URL(url).pathname)[1] <= today);
  return begun.length ? cache.match(begun.at(-1)) : null;
}

/** The co-op's day: this device's clock tells how long ago a copy was made, and may be wrong about the day. */
function todayAfter(copies) {
  const known = copies.map(({ headers }) => headers).filter((headers) => headers.get(READ_AT));
  const last = known.sort((one, other) => one.get(KEPT_AT) - other.get(KEPT_AT)).at(-1);
  const ahead = last ? Date.parse(last.get(READ_AT)) - last.get(KEPT_AT) : 0;
  const zone = last ? { timeZone: last.get(ZONE) } : {};
  return new Date(Date.now() + ahead).toLocaleDateString("en-CA", zone); // as addresses write it
}

/** Style, scripts and fonts: what is named by its content never changes; the rest is asked for first. */
async function part(event) {
  const cache = await caches.open(PARTS);
  const copyOf = () => cache.match(event.request);
  const copy = NAMED_BY_CONTENT.test(event.request.url) && (await copyOf());
  if (copy) return copy;
  const answer = await first(event, copyOf);
  if (answer.ok && (await copyOf())) event.waitUntil(cache.put(event.request, answer.clone()));
  return answer;
}

/** A week that was just opened is kept with its parts; and, now and then, the week that comes next. */
async function keepOpened({ keep, parts, next }) {
  const url = new URL(keep);
  const cache = await caches.open(PARTS);
  const wanted = parts.filter((address) => new URL(address).pathname.startsWith("/static/"));
  await Promise.all(wanted.map(async (address) => (await cache.match(address)) ?? cache.add(address)));
  for (const old of (await cache.keys()).slice(0, -MOST_PARTS)) await cache.delete(old);
  if (!url.searchParams.has("late") && !(await caches.match(url.origin + url.pathname, { cacheName: WEEKS }))) await keepWeek(url, await fetch(keep, ASIDE));
  if (!next) return;
  const copy = await caches.match(next, { cacheName: WEEKS });
  if (!copy || Date.now() - copy.headers.get(KEPT_AT) > FRESH) await keepWeek(new URL(next), await fetch(next, ASIDE));
}
