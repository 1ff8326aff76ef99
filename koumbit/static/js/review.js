/** The week under review: the button says what it will do with the lines as they are ticked. */

import { written } from "./durations.js";

const say = (pattern, told) => pattern.replace(/%\((\w+)\)s/g, (_, name) => told[name]);

/** Follow the ticks of one review, on its own page or opened inside the queue. */
export function follow(form) {
  const lines = [...form.querySelectorAll("[data-minutes]")].filter((line) => line.querySelector("[type=checkbox]"));

  function tell() {
    const asked = lines.filter((line) => line.querySelector("[type=checkbox]").checked);
    const minutes = lines.filter((line) => !asked.includes(line)).reduce((sum, line) => sum + Number(line.dataset.minutes), 0);
    const pattern = asked.length ? form.dataset.sayQuestion : form.dataset.sayApprove;
    form.querySelector(".submit").textContent = say(pattern, { hours: written(minutes), count: asked.length });
  }

  for (const line of lines) {
    const box = line.querySelector("[type=checkbox]");
    box.addEventListener("change", () => {
      tell();
      if (box.checked) line.querySelector("[type=text]").focus();
    });
  }
  if (form.querySelector(".submit")) tell();
}

const own = document.getElementById("review");
if (own) follow(own);
