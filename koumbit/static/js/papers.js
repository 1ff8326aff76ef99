/** The documents of a large pay are made by others: their count follows while this page is looked at. */

const EVERY = 3000;

async function follow() {
  const shown = document.getElementById("papers");
  if (!shown?.hasAttribute("data-follow")) return;
  if (!document.hidden) {
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (answer?.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById("papers");
      if (now) shown.replaceWith(now);
      else shown.remove();
    }
  }
  setTimeout(follow, EVERY);
}

setTimeout(follow, EVERY);
