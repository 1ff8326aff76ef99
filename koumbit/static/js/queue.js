/** The queue without leaving it: a week opens under its row, and the keyboard goes through them all.
 *
 * Single keys act only while no field has the focus, and can be turned off (WCAG 2.1.4). What is decided
 * is sent like from the week's own page; the queue comes back with the next week in focus.
 */

import { follow } from "./review.js";

const OFF = "koumbit:queue-keys-off";
const NEXT = "koumbit:queue-next";
const rows = () => [...document.querySelectorAll("[data-week-row]")];
const linkOf = (row) => row?.querySelector("[data-open]");
const opened = () => document.querySelector("tr.opened");
const current = () => document.activeElement.closest?.("[data-week-row]") ?? opened()?.previousElementSibling ?? null;

function close() {
  const row = opened()?.previousElementSibling;
  opened()?.remove();
  linkOf(row)?.setAttribute("aria-expanded", "false");
  return row;
}

async function open(link) {
  const row = link.closest("tr");
  if (opened()?.previousElementSibling === row) {
    close();
    return;
  }
  close();
  const answer = await fetch(link.href, { headers: { "X-Part": "review" } });
  if (!answer.ok || answer.redirected) {
    location.assign(link.href);
    return;
  }
  const place = document.createElement("tr");
  place.className = "opened";
  const cell = place.appendChild(document.createElement("td"));
  cell.colSpan = row.cells.length;
  cell.innerHTML = await answer.text();
  row.after(place);
  link.setAttribute("aria-expanded", "true");
  const form = cell.querySelector("#review");
  if (form) follow(form);
  for (const decision of cell.querySelectorAll("form[method=post]")) {
    // What the queue is narrowed to comes back with it.
    const to = new URL(decision.action);
    to.search = location.search;
    decision.action = to.href;
    decision.addEventListener("submit", () => {
      const all = rows();
      sessionStorage.setItem(NEXT, String(all.indexOf(row)));
    });
  }
  cell.tabIndex = -1;
  cell.focus({ preventScroll: true });
  row.scrollIntoView({ block: "start", behavior: "instant" });
}

function step(by) {
  const all = rows();
  const place = all.indexOf(current());
  linkOf(all[Math.min(all.length - 1, Math.max(0, place + by))])?.focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  o: () => linkOf(current()) && open(linkOf(current())),
  x: () => current()?.querySelector("[name=sheet]")?.click(),
  b: () => document.querySelector("#bulk [type=submit]")?.click(),
  a: () => opened()?.querySelector("#review .submit")?.click(),
  q: () => opened()?.querySelector("[data-minutes] [type=checkbox]")?.click(),
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && opened()) {
    linkOf(close())?.focus();
    return;
  }
  const isTyping = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(OFF)) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

for (const link of document.querySelectorAll("[data-open]")) link.setAttribute("aria-expanded", "false");
const help = document.querySelector("[data-keys]");
if (help) {
  help.hidden = false;
  const off = help.querySelector("[data-keys-off]");
  off.checked = Boolean(localStorage.getItem(OFF));
  off.addEventListener("change", () => (off.checked ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF)));
}
const next = sessionStorage.getItem(NEXT);
if (next !== null) {
  sessionStorage.removeItem(NEXT);
  linkOf(rows()[Math.min(Number(next), rows().length - 1)])?.focus();
}
