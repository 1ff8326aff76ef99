/** A form that answers with a file: once it is saved, go on to the page that says what was made.
 *
 * Without script the file is saved all the same, and the form stays on the screen.
 */

const form = document.querySelector("form:has(> [data-then])");
let isSent = false;

function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isSent) return;
  isSent = true;
  const then = form.querySelector("[data-then]").dataset.then;
  const answer = await fetch(location.href, { method: "POST", body: new FormData(form), credentials: "same-origin" })
    .catch(() => null);
  const name = answer?.headers.get("Content-Disposition")?.match(/^attachment; filename="([^"]+)"$/);
  if (!name) {
    form.submit(); // a refusal, or a question first: asked again as a page
    return;
  }
  save(await answer.blob(), name[1]);
  location.assign(then);
});
