/** A week that takes no hours any more: what this device still holds of it is said, not lost in silence. */

import { parse } from "./durations.js";
import { keepPage } from "./sheet_offline.js";
import { plain, savedOf, unsentOf } from "./sheet_store.js";

const notice = document.querySelector("[data-unsent]");
const { person, week, copy } = notice.dataset;
const shown = JSON.parse(notice.dataset.base);
const unsent = unsentOf(person, week);

function hasArrived(key, { time, note }) {
  const [minutes, noted] = shown[key] ?? [0, ""];
  try {
    return (time.trim() ? parse(time) : 0) === minutes && plain(note) === noted;
  } catch {
    return false; // not a duration: it stays as typed
  }
}

for (const [key, cell] of Object.entries(unsent.all())) if (hasArrived(key, cell)) unsent.drop(key);
if (copy !== "yes") savedOf(person, week).clear(); // a page from the network lacks nothing
const cells = Object.values(unsent.all());
notice.hidden = !cells.length;
notice.querySelector("[data-cells]").textContent = cells.map(({ time, note }) => [time, note].filter(Boolean).join(" – ")).join("; ");
notice.querySelector("[data-discard]").addEventListener("click", () => {
  unsent.clear();
  notice.hidden = true;
  document.getElementById("content").focus(); // the button that held the focus is gone
});
keepPage(copy);
