/** Weeks typed on this device and not sent, whatever page is open: sent, or said with where to look. */

import { unsentOf, unsentWeeks } from "./sheet_store.js";

const MOST_CELLS = 100; // in a bundle

/** Send the weeks that no page here is showing; those that need a look are named in the notice. */
export async function sendElsewhere(person, token) {
  const shown = document.querySelector("[data-week]")?.dataset.week; // sends for itself
  const left = [];
  for (const week of unsentWeeks(person)) {
    if (week !== shown && !(await send(person, week, token))) left.push(week);
  }
  tell(left);
}

/** Whether nothing is left to send of that week. */
async function send(person, week, token) {
  const unsent = unsentOf(person, week);
  const cells = Object.entries(unsent.all()).slice(0, MOST_CELLS);
  const fields = new URLSearchParams({ csrfmiddlewaretoken: token });
  for (const row of new Set(cells.map(([key]) => key.replace(/-\d$/, "")))) fields.append("row", row);
  for (const [key, { time, note }] of cells) {
    fields.set(`c-${key}`, time);
    fields.set(`n-${key}`, note);
  }
  fields.set("base", JSON.stringify(Object.fromEntries(cells.map(([key, { base }]) => [key, base]))));
  try {
    const answer = await fetch(`/hours/${week}/cells/`, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return false;
    const { saved } = await answer.json();
    const now = unsent.all();
    for (const [key, cell] of cells) {
      if (key in saved && JSON.stringify(now[key]) === JSON.stringify(cell)) unsent.drop(key);
    }
  } catch {
    return false; // no network: next time
  }
  return !Object.keys(unsent.all()).length;
}

function tell(weeks) {
  const pattern = document.querySelector("[data-unsent-weeks]");
  if (pattern.nextElementSibling?.querySelector("[data-weeks]")) pattern.nextElementSibling.remove();
  if (!weeks.length) return;
  const notice = pattern.content.firstElementChild.cloneNode(true);
  const list = notice.querySelector("[data-weeks]");
  const { lang } = document.documentElement;
  // The day before the month, in English too, as on every page here.
  const written = new Intl.DateTimeFormat(lang.startsWith("en") ? "en-GB" : lang, { day: "numeric", month: "long", timeZone: "UTC" });
  for (const week of weeks) {
    const link = document.createElement("a");
    link.href = `/hours/${week}/`;
    link.textContent = written.format(new Date(week));
    list.append(" ", link);
  }
  pattern.after(notice);
}
