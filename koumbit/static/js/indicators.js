/** What hours written by hand do to a proposal is asked of the server as soon as a field is left. */

const form = document.querySelector("form[data-live]");

async function look() {
  const asked = new FormData(form);
  asked.set("look", "1");
  const answer = await fetch(form.action, { method: "POST", body: asked, credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("indicators");
  if (now) document.getElementById("indicators").replaceWith(now);
}

form?.addEventListener("change", look);
