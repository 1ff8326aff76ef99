/** A week that takes no hours any more: what this device still holds of it is said, not lost in silence. */

import { unsentOf } from "./sheet_store.js";

const notice = document.querySelector("[data-unsent]");
const { person, week } = notice.dataset;
const store = unsentOf(person, week);
const cells = Object.values(store.all());

notice.hidden = !cells.length;
notice.querySelector("[data-cells]").textContent = cells.map(({ time, note }) => [time, note].filter(Boolean).join(" – ")).join("; ");
notice.querySelector("[data-discard]").addEventListener("click", () => {
  store.clear();
  notice.hidden = true;
});
