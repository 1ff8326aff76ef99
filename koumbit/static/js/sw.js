/** Opens the week pages without network. Keeps nothing else: no pay, no members, no queue.
 *
 * A week is asked of the network first; its copy serves only when there is none, and says that it is a
 * copy. Style, scripts and fonts are immutable and come from the copy. All copies are of one person;
 * they go when that person signs out, or when another one opens a week on this device.
 */

const WEEKS = "koumbit-weeks-1";
const PARTS = "koumbit-parts-1";
const WEEK = /^\/hours\/\d{4}-\d{2}-\d{2}\/$/;
const MOST_WEEKS = 12;
const OWNER = "/owner"; // under this name, whose weeks these are

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && (WEEK.test(url.pathname) || url.pathname === "/hours/")) event.respondWith(week(request, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(part(request));
});

async function week(request, url) {
  const cache = await caches.open(WEEKS);
  try {
    const answer = await fetch(request);
    const isWeek = answer.ok && !answer.redirected && WEEK.test(url.pathname);
    if (isWeek && (await cache.match(OWNER))) await cache.put(url.origin + url.pathname, answer.clone());
    return answer;
  } catch (failure) {
    const kept = url.pathname === "/hours/" ? await newest(cache) : await cache.match(url.origin + url.pathname);
    if (!kept) throw failure;
    const page = (await kept.text()).replace('data-copy="no"', 'data-copy="yes"');
    return new Response(page, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  }
}

/** The copy of the latest week, for whoever asks for “my week”. */
async function newest(cache) {
  const pages = (await cache.keys()).filter(({ url }) => WEEK.test(new URL(url).pathname)).map(({ url }) => url).sort();
  return pages.length ? cache.match(pages.at(-1)) : undefined;
}

async function part(request) {
  const cache = await caches.open(PARTS);
  try {
    const answer = await fetch(request);
    if (answer.ok && (await cache.match(request))) cache.put(request, answer.clone());
    return answer;
  } catch (failure) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw failure;
  }
}

self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keep(event.data));
});

/** Keep a week that was just opened, with its parts, for the person it is of. */
async function keep({ keep: address, parts, person }) {
  const weeks = await caches.open(WEEKS);
  const owner = await weeks.match(OWNER);
  if (owner && (await owner.text()) !== person) await caches.delete(WEEKS);
  const own = await caches.open(WEEKS);
  await own.put(OWNER, new Response(person));
  const url = new URL(address);
  if (WEEK.test(url.pathname) && !(await own.match(url.origin + url.pathname))) {
    const page = await fetch(address);
    if (page.ok && !page.redirected) await own.put(url.origin + url.pathname, page);
  }
  const pages = (await own.keys()).filter(({ url: kept }) => WEEK.test(new URL(kept).pathname));
  for (const old of pages.sort((one, other) => (one.url < other.url ? -1 : 1)).slice(0, -MOST_WEEKS)) await own.delete(old);
  const cache = await caches.open(PARTS);
  const wanted = parts.filter((part) => new URL(part).pathname.startsWith("/static/"));
  for (const old of await cache.keys()) {
    if (!wanted.includes(old.url)) await cache.delete(old);
  }
  await Promise.all(wanted.map(async (part) => (await cache.match(part)) ?? cache.add(part)));
}
