/** A cell was changed elsewhere meanwhile: both contents are shown, and the reader keeps one. */

import { written } from "./durations.js";

/** One line per contested cell, in the panel above the table. `now` is what the co-op holds of each. */
export function askBetween(form, now, { contentOf, timeField, showDay, say, read }, { keepMine, takeTheirs }) {
  const panel = form.querySelector("[data-contested]");
  const pattern = panel.querySelector("template");
  for (const [key, theirs] of Object.entries(now)) {
    panel.querySelector(`[data-key="${key}"]`)?.remove();
    const line = pattern.content.firstElementChild.cloneNode(true);
    const mine = contentOf(key);
    line.dataset.key = key;
    const cell = line.querySelector("[data-cell]");
    cell.textContent = timeField(key).ariaLabel;
    cell.href = `#c-${key}`;
    cell.addEventListener("click", () => showDay(key.slice(-1)));
    line.querySelector("[data-mine]").textContent = told(read({ value: mine.time }).minutes ?? 0, mine.note);
    line.querySelector("[data-theirs]").textContent = told(theirs.minutes, theirs.note);
    for (const [name, choose] of [["keep-mine", keepMine], ["take-theirs", takeTheirs]]) {
      const button = line.querySelector(`[data-choose="${name}"]`);
      button.setAttribute("aria-label", `${button.textContent.trim()} – ${timeField(key).ariaLabel}`);
      button.addEventListener("click", () => {
        line.remove();
        panel.hidden = !panel.querySelector("[data-key]");
        choose(key, theirs);
        timeField(key).focus();
      });
    }
    panel.querySelector("ul").append(line);
  }
  panel.hidden = false;
}

const told = (minutes, note) => (note ? `${written(minutes)} – ${note}` : written(minutes));
