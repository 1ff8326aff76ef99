/** The weekly sheet, faster: totals while typing, what was understood; with it come the keyboard and the saving.
 *
 * The form works without this. Nothing here decides anything: the server reads the same text with
 * the same rules (durations.js is the twin of durations.py). Every script of this page changes a cell
 * in one way: set its value, then send `input`, and `change` once the value is final. Whoever cares
 * listens on the form, so that rows that come later are served like the others.
 */

import { DAY, NotADuration, parse, written } from "./durations.js";
import { followDays } from "./sheet_days.js";
import { listenToKeys } from "./sheet_keys.js";
import { findRows } from "./sheet_rows.js";
import { keepSaved } from "./sheet_saving.js";

const LEGAL_WEEK = 40 * 60;
const form = document.getElementById("week");
const table = form.querySelector("table.sheet");
const understood = form.querySelector("[data-understood]");

/** A sentence with its %(names)s filled in. */
const say = (pattern, told = {}) => (pattern ?? "").replace(/%\((\w+)\)s/g, (_, name) => told[name] ?? "");

const isCell = (target) => target instanceof HTMLInputElement && target.name.startsWith("c-");

/** What a field holds: minutes, or the sentence that refuses it. */
function read(input) {
  if (!input.value.trim()) return { minutes: 0 };
  try {
    return { minutes: parse(input.value) };
  } catch (error) {
    if (!(error instanceof NotADuration)) throw error;
    const pattern = { unknown: form.dataset.sayUnknown, too_long: form.dataset.sayTooLong, minutes: form.dataset.sayMinutes }[error.code];
    return { refusal: say(pattern, { text: error.text, limit: written(DAY), meant: written(Number(error.text)) }) };
  }
}

/** Minutes for the totals: a field that is not understood counts as what was saved. */
const minutesOf = (input) => read(input).minutes ?? Number(input.dataset.saved);

const sum = (items, minutes) => [...items].reduce((total, item) => total + minutes(item), 0);

/** Typed and settled minutes within an element, of one day if asked. */
function sumOf(within, day = "") {
  const of = day && `[data-day="${day}"]`;
  return sum(within.querySelectorAll(`.cell input${of}`), minutesOf)
    + sum(within.querySelectorAll(`a.lines${of}`), (link) => Number(link.dataset.minutes));
}

function addUp() {
  for (const row of table.tBodies[0].querySelectorAll("tr.row")) {
    const minutes = sumOf(row);
    row.querySelector("[data-row-total]").textContent = minutes ? written(minutes) : "";
  }
  const settled = sum(table.querySelectorAll("a.lines"), (link) => Number(link.dataset.minutes) - Number(link.dataset.open));
  let week = 0;
  let off = 0;
  for (const output of table.querySelectorAll("[data-day-total]")) {
    const minutes = sumOf(table, output.dataset.dayTotal);
    week += minutes;
    off += Math.max(Number(output.dataset.leave ?? 0), Number(output.dataset.holiday ?? 0) - Math.max(0, minutes));
    output.textContent = minutes ? written(minutes) : "";
    output.classList.toggle("wrong", minutes > DAY);
  }
  const hours = written(week);
  table.querySelector("[data-week-total]").textContent = hours;
  form.querySelector("[data-total]").textContent = say(form.dataset.sayTotal, { hours });
  const progress = form.querySelector("progress");
  if (progress) progress.value = week + Number(progress.dataset.leave ?? 0);
  const over = form.querySelector("[data-over]");
  const beyond = Math.min(week, week + off - LEGAL_WEEK);
  over.hidden = beyond <= 0;
  over.querySelector("strong").textContent = say(off ? form.dataset.sayOverOff : form.dataset.sayOver, { hours: written(beyond), off: written(off) });
  form.querySelector(".submit").textContent = week - settled
    ? say(form.dataset.saySubmit, { hours: written(week - settled) })
    : form.dataset.saySubmitNothing;
}

/** Say beside the total what the field was understood as, or why it is not; the reason is returned. */
function show(input) {
  const { minutes, refusal } = read(input);
  const day = refusal ? 0 : sumOf(table, input.dataset.day);
  const wrong = refusal ?? (day > DAY ? say(form.dataset.sayDayTooLong, { hours: written(day) }) : "");
  understood.classList.toggle("wrong", Boolean(wrong));
  understood.textContent = wrong || (minutes ? say(form.dataset.sayUnderstood, { cell: input.ariaLabel, hours: written(minutes) }) : "");
  document.getElementById("submit-means").hidden = Boolean(understood.textContent);
  return wrong;
}

/** After a change: the server's old refusal goes, ours comes if there is one, and all is added up again. */
function typed(input) {
  const refused = input.closest("td").classList;
  if (refused.contains("refused")) {
    refused.remove("refused");
    const told = document.getElementById(`e-${input.id.slice(2)}`);
    const box = told?.closest(".form-errors");
    told?.remove();
    if (box && !box.querySelector("li")) box.remove();
    input.removeAttribute("aria-describedby");
  }
  const wrong = show(input);
  if (wrong) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  addUp();
}

form.addEventListener("focusin", ({ target }) => {
  if (!isCell(target)) return;
  target.select();
  show(target);
});
form.addEventListener("input", ({ target }) => isCell(target) && typed(target));

if (table && form.querySelector(".bar")) {
  const showDay = followDays(form, table);
  for (const link of document.querySelectorAll(".form-errors a[data-day]")) {
    link.addEventListener("click", () => showDay(link.dataset.day));
  }
  listenToKeys(form, table, say);
  findRows(form, table, say);
  keepSaved(form, table, read, say, showDay);
  form.addEventListener("rows", addUp);
  addUp();
}
