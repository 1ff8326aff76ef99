/** What others make meanwhile (documents, proposals): how far they are follows while the page is looked at. */

const EVERY = 3000;

async function follow() {
  const shown = document.querySelector("[data-follow]");
  if (!shown) return;
  if (!document.hidden) {
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (answer?.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById(shown.id);
      if (now) shown.replaceWith(now);
      else shown.remove();
    }
  }
  setTimeout(follow, EVERY);
}

setTimeout(follow, EVERY);
