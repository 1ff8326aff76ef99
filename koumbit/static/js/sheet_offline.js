/** A week opens without network: its page and its parts are kept by the service worker (sw.js). */

/** The week after the one of today: it may begin where there is no network, and opens then too. */
const next = () => document.querySelector("th.today") && document.querySelector(".weeks a[rel=next]")?.href;

/** Have this page kept, unless it is itself the copy. */
export async function keepPage(copy) {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/sw.js");
    const { active } = await navigator.serviceWorker.ready;
    const parts = performance.getEntriesByType("resource").map(({ name }) => name);
    if (copy !== "yes") active.postMessage({ keep: location.href, parts, next: next() });
  } catch {
    // A browser that refuses service workers: the page works, with network.
  }
}
