/** Menus of the band and of rows close on Escape (focus returns to their button) and on a click elsewhere.
 *
 * The tab of the page is in view in a strip too wide for the screen.
 *
 * Signing out also takes this device's copies of one's weeks away; what is not sent yet is said first. Another
 * person signing in does too; and what a person typed without network leaves from any page.
 */

import { forget, keepOnlyFor, unsentWeeks } from "./sheet_store.js";
import { sendElsewhere } from "./unsent_weeks.js";

const openMenus = () => document.querySelectorAll(":is(.band details, .row-menu)[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const strip = tab.closest(".tabs");
  const start = tab.offsetLeft - strip.offsetLeft;
  if (start + tab.offsetWidth > strip.clientWidth) strip.scrollLeft = start - (strip.clientWidth - tab.offsetWidth) / 2;
}

for (const form of document.querySelectorAll('form[action$="/logout/"]')) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const warning = form.querySelector("[data-unsent-of]");
    if (warning?.hidden && unsentWeeks(warning.dataset.unsentOf).length) {
      warning.hidden = false;
      return;
    }
    await forget().catch(() => {});
    form.submit();
  });
}

const reader = document.querySelector("[data-unsent-of]");
if (reader) {
  const send = () => sendElsewhere(reader.dataset.unsentOf, reader.closest("form").elements.csrfmiddlewaretoken.value);
  keepOnlyFor(reader.dataset.unsentOf);
  send();
  window.addEventListener("online", send);
}
