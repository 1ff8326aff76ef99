/** Asking for leave: the days appear as soon as both dates are there, and their sum follows the typing. */

import { parse, written } from "./durations.js";

const form = document.getElementById("leave");
const first = form.elements.starts_on;
const last = form.elements.ends_on;
const kind = form.elements.kind;
const compensates = form.elements.compensates.closest(".field");

function add() {
  const total = form.querySelector("[data-total]");
  if (!total) return;
  let minutes = 0;
  for (const field of form.querySelectorAll("#days input[type=text]")) {
    let wrong = false;
    try {
      minutes += field.value.trim() ? parse(field.value) : 0;
    } catch {
      wrong = true;
    }
    if (wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  total.textContent = written(minutes);
}

/** The server proposes the days, as it does without script; only that part of its page is taken. */
async function propose() {
  if (!first.value || !last.value || last.value < first.value) return;
  const data = new FormData(form);
  data.set("do", "days");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const days = page.getElementById("days");
    if (days) document.getElementById("days").replaceWith(days);
  } catch {
    // Out of reach: the button “Show the days” stays.
  }
}

function showWhatTheKindAsks() {
  compensates.hidden = kind.value !== "holiday";
}

function follow() {
  if (first.value && (!last.value || last.value < first.value)) last.value = first.value;
  propose();
}

first.addEventListener("change", follow);
last.addEventListener("change", propose);
kind.addEventListener("change", showWhatTheKindAsks);
form.addEventListener("input", (event) => {
  if (event.target.closest("#days")) add();
});
showWhatTheKindAsks();
if (first.value && !form.elements.shown) follow(); // filled before this script was there
