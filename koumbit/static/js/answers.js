/** A pay that is being prepared: what is typed beside its warnings is kept as it is typed, and when the page is left.
 *
 * The server has it, so that it is there on another device. Without script, the links beside the warnings and
 * the button under them keep it as well.
 */

const form = document.getElementById("prepare");
let isKept = true;

function keep() {
  if (isKept) return;
  const typed = new FormData(form);
  typed.set("leave", "script");
  // A beacon goes even though the page closes.
  isKept = navigator.sendBeacon(location.href, typed);
}

if (form) {
  const fields = [...form.elements];
  for (const field of fields) {
    field.addEventListener("input", () => { isKept = false; });
    field.addEventListener("change", keep);
  }
  form.addEventListener("submit", () => { isKept = true; });
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
}
