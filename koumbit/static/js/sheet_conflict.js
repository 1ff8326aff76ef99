/** A cell was changed elsewhere meanwhile: both contents are shown, and the reader keeps one. */

import { written } from "./durations.js";

/** The panel above the table, a line for each contested cell. `keepMine` and `takeTheirs` do what is chosen. */
export function conflictsOf(form, { contentOf, read, say, showDay }, { keepMine, takeTheirs }) {
  const panel = form.querySelector("[data-contested]");
  const pattern = panel.querySelector("template");
  const field = (key) => form.elements[`c-${key}`];

  const told = (minutes, note) => (note ? `${written(minutes)} – ${note}` : written(minutes));

  function forget(key) {
    panel.querySelector(`[data-key="${key}"]`)?.remove();
    panel.hidden = !panel.querySelector("[data-key]");
  }

  /** Ask about a cell; `theirs` is what the co-op holds of it. */
  function ask(key, theirs) {
    forget(key);
    const line = pattern.content.firstElementChild.cloneNode(true);
    const mine = contentOf(key);
    const label = field(key)?.ariaLabel ?? "";
    line.dataset.key = key;
    const cell = line.querySelector("[data-cell]");
    cell.textContent = label;
    cell.href = `#c-${key}`;
    cell.addEventListener("click", () => showDay(key.slice(-1)));
    line.querySelector("[data-mine]").textContent = told(read({ value: mine.time }).minutes ?? 0, mine.note);
    line.querySelector("[data-theirs]").textContent = told(theirs.minutes, theirs.note);
    line.querySelector("[data-at]").textContent = theirs.at ? say(form.dataset.sayWritten, { moment: theirs.at }) : "";
    for (const [name, choose] of [["keep-mine", keepMine], ["take-theirs", takeTheirs]]) {
      const button = line.querySelector(`[data-choose="${name}"]`);
      button.setAttribute("aria-label", `${button.textContent.trim()} – ${label}`);
      button.addEventListener("click", () => {
        forget(key);
        choose(key, theirs);
        field(key)?.focus(); // the button that held the focus is gone
      });
    }
    panel.querySelector("ul").append(line);
    panel.hidden = false;
  }

  return { ask, forget };
}
