/** The weekly sheet, faster: totals while typing, what was understood, and a keyboard that fits a table.
 *
 * The form works without this. Nothing here decides anything: the server reads the same text with
 * the same rules (durations.js is the twin of durations.py).
 */

import { DAY, NotADuration, parse, written } from "./durations.js";

const LEGAL_WEEK = 40 * 60;
const form = document.getElementById("week");
const table = form.querySelector("table.sheet");
const cells = [...form.querySelectorAll(".cell input")];
const understood = form.querySelector("[data-understood]");

/** A sentence with its %(names)s filled in. */
const say = (pattern, told) => (pattern ?? "").replace(/%\((\w+)\)s/g, (_, name) => told[name] ?? "");

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

function sumOf(within) {
  const typed = [...within.querySelectorAll(".cell input")].reduce((sum, input) => sum + minutesOf(input), 0);
  return [...within.querySelectorAll("a.lines")].reduce((sum, link) => sum + Number(link.dataset.minutes), typed);
}

function sumOfDay(day) {
  const typed = cells.filter((input) => input.dataset.day === day).reduce((sum, input) => sum + minutesOf(input), 0);
  const lines = [...table.querySelectorAll(`a.lines[data-day="${day}"]`)];
  return lines.reduce((sum, link) => sum + Number(link.dataset.minutes), typed);
}

function addUp() {
  for (const row of table.tBodies[0].querySelectorAll("tr.row")) {
    const minutes = sumOf(row);
    row.querySelector("[data-row-total]").textContent = minutes ? written(minutes) : "";
  }
  const settled = [...table.querySelectorAll("a.lines")].reduce(
    (sum, link) => sum + Number(link.dataset.minutes) - Number(link.dataset.open), 0);
  let week = 0;
  for (const output of table.querySelectorAll("[data-day-total]")) {
    const minutes = sumOfDay(output.dataset.dayTotal);
    week += minutes;
    output.textContent = minutes ? written(minutes) : "";
    output.classList.toggle("wrong", minutes > DAY);
  }
  const hours = written(week);
  table.querySelector("[data-week-total]").textContent = hours;
  form.querySelector("[data-total]").textContent = say(form.dataset.sayTotal, { hours });
  const progress = form.querySelector("progress");
  if (progress) progress.value = week;
  const over = form.querySelector("[data-over]");
  over.hidden = week <= LEGAL_WEEK;
  over.querySelector("strong").textContent = say(form.dataset.sayOver, { hours: written(week - LEGAL_WEEK) });
  form.querySelector(".submit").textContent = week - settled
    ? say(form.dataset.saySubmit, { hours: written(week - settled) })
    : form.dataset.saySubmitNothing;
}

/** Say beside the total what the field was understood as, or why it is not; the reason is returned. */
function show(input) {
  const { minutes, refusal } = read(input);
  const day = refusal ? 0 : sumOfDay(input.dataset.day);
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
    document.getElementById(`e-${input.id.slice(2)}`)?.remove();
    input.removeAttribute("aria-describedby");
  }
  const wrong = show(input);
  input.classList.toggle("changed", !wrong && input.value !== input.defaultValue);
  if (wrong) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  addUp();
}

/** The field `down` rows below and `across` columns to the right that can be typed in, if there is one. */
function neighbour(input, down, across) {
  const rows = [...table.tBodies[0].querySelectorAll("tr.row")];
  const cell = input.closest("td");
  let row = rows.indexOf(cell.parentElement);
  let column = cell.cellIndex;
  while (rows[(row += down)] && rows[row].cells[(column += across)]) {
    const found = rows[row].cells[column].querySelector("input[type=text]");
    if (found && found.offsetParent) return found;
  }
  return null;
}

function move(event, input, down, across) {
  const target = neighbour(input, down, across);
  if (target) target.focus();
  if (target || down) event.preventDefault();
}

const atStart = (input) => input.selectionStart === 0 && (input.selectionEnd === 0 || input.selectionEnd === input.value.length);
const atEnd = (input) => input.selectionEnd === input.value.length && (input.selectionStart === input.selectionEnd || input.selectionStart === 0);

const KEYS = {
  Enter: (event, input) => move(event, input, event.shiftKey ? -1 : 1, 0),
  ArrowDown: (event, input) => move(event, input, 1, 0),
  ArrowUp: (event, input) => move(event, input, -1, 0),
  ArrowLeft: (event, input) => atStart(input) && move(event, input, 0, -1),
  ArrowRight: (event, input) => atEnd(input) && move(event, input, 0, 1),
  Escape: (event, input) => {
    if (input.value === input.dataset.before) return;
    input.value = input.dataset.before;
    input.select();
    typed(input);
  },
};

/** A block copied from a spreadsheet fills the fields from here on, to the right and down. */
function paste(event, input) {
  const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  if (!/[\t\n]/.test(text)) return;
  event.preventDefault();
  const rows = [...table.tBodies[0].querySelectorAll("tr.row")];
  const first = rows.indexOf(input.closest("tr"));
  const column = input.closest("td").cellIndex;
  text.split(/\r?\n/).forEach((line, down) => {
    line.split("\t").forEach((value, across) => {
      const field = rows[first + down]?.cells[column + across]?.querySelector("input[type=text]");
      if (!field) return;
      field.value = value.trim();
      typed(field);
    });
  });
}

for (const input of cells) {
  input.addEventListener("focus", () => {
    input.dataset.before = input.value;
    input.select();
    show(input);
  });
  input.addEventListener("input", () => typed(input));
  input.addEventListener("paste", (event) => paste(event, input));
  input.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) KEYS[event.key]?.(event, input);
  });
}

// On a narrow screen the day changes without leaving the page.
const days = [...form.querySelectorAll(".day-button")];
function showDay(day) {
  table.dataset.shown = form.elements.day.value = day;
  for (const button of days) button.setAttribute("aria-pressed", String(button.value === day));
}
for (const button of days) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    showDay(button.value);
  });
}
for (const link of document.querySelectorAll(".form-errors a[data-day]")) {
  link.addEventListener("click", () => showDay(link.dataset.day));
}

// Leaving with something unsaved asks first; sending the form does not.
const edited = () => [...form.querySelectorAll("table input[type=text]")].some((input) => input.value !== input.defaultValue);
let sending = false;
form.addEventListener("submit", () => { sending = true; });
window.addEventListener("pageshow", () => { sending = false; });
window.addEventListener("beforeunload", (event) => {
  if (!sending && edited()) event.preventDefault();
});

if (table) addUp();
