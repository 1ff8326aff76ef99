/** Each cell saves itself: kept on the device as it is typed, sent when it is final, and the page says where it is.
 *
 * Sent in small bundles, one at a time; what fails is tried again, more and more slowly. What was
 * changed elsewhere meanwhile is shown, and the reader chooses (sheet_conflict.js). No field is ever
 * disabled, and the caret stays where it is.
 */

import { askBetween } from "./sheet_conflict.js";
import { write } from "./sheet_keys.js";
import { savedOf, unsentOf } from "./sheet_store.js";

const SOON = 400; // milliseconds: changes that follow each other go together
const LONGEST_WAIT = 60_000;

export function keepSaved(form, read, say, showDay) {
  const { person, week, cellsUrl, copy } = form.dataset;
  const store = unsentOf(person, week);
  const known = savedOf(person, week);
  const status = form.querySelector("[data-saving]");
  const base = new Map(Object.entries(JSON.parse(form.elements.base.value || "{}")));
  const waiting = new Set(); // keys of cells to send
  const contested = new Set(); // keys the reader has to choose for
  const refused = new Map(); // key → sentence
  let isSending = false;
  let isLeaving = false;
  let isUnkept = false; // the device would not keep something
  let trouble = copy === "yes" ? "kept" : ""; // "", "kept", "signed-out", "closed"
  let wait = 0;
  let timer = 0;

  const timeField = (key) => form.elements[`c-${key}`];
  const noteField = (key) => form.elements[`n-${key}`];
  const baseOf = (key) => base.get(key) ?? [0, ""];
  const keyOf = (input) => input.name.slice(2);
  const isOurs = (input) => input instanceof HTMLInputElement && /^[cn]-\d+-\d+-\d$/.test(input.name);
  const contentOf = (key) => ({
    time: timeField(key)?.value ?? "",
    note: noteField(key)?.value ?? timeField(key)?.dataset.note ?? "",
  });

  function isAsSaved(key) {
    const [minutes, note] = baseOf(key);
    const { time, note: typedNote } = contentOf(key);
    const now = read({ value: time }).minutes;
    return now === minutes && typedNote.split(/\s+/).filter(Boolean).join(" ") === note;
  }

  /** How a cell stands, beside it: saving, saved, kept, refused, contested. */
  function mark(key, state) {
    const field = timeField(key);
    if (!field) return;
    if (state) field.closest("td").dataset.state = state;
    else delete field.closest("td").dataset.state;
  }

  /** Where the truth is, in one line. Said aloud only when it changes. */
  function tell() {
    const unsent = waiting.size;
    const state = trouble === "closed" ? "closed"
      : contested.size ? "contested"
      : refused.size ? "refused"
      : trouble && unsent ? trouble
      : isSending || unsent ? "saving"
      : copy === "yes" && trouble ? "copy"
      : "saved";
    if (status.dataset.state === state && state !== "closed") return;
    status.dataset.state = state;
    status.querySelector("[data-words]").textContent = say(form.dataset[`say${state[0].toUpperCase()}${state.slice(1).replace(/-(\w)/g, (_, letter) => letter.toUpperCase())}`], { count: unsent });
    status.querySelector("a").hidden = state !== "signed-out";
  }

  /** Keep on the device what a cell holds now. */
  function keep(key) {
    if (isAsSaved(key)) {
      store.drop(key);
      return;
    }
    isUnkept = !store.keep(key, { ...contentOf(key), base: baseOf(key) });
  }

  /** A cell has its final text: send it, unless it cannot be understood. */
  function queue(key) {
    refused.delete(key);
    contested.delete(key);
    keep(key);
    if (read({ value: contentOf(key).time }).refusal) {
      refused.set(key, "");
      mark(key, "refused");
    } else if (isAsSaved(key)) {
      waiting.delete(key);
      mark(key, "");
    } else {
      waiting.add(key);
      mark(key, trouble ? "kept" : "saving");
      later(SOON);
    }
    tell();
  }

  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }

  function bundle(keys) {
    const fields = new URLSearchParams();
    fields.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    if (form.elements.late) fields.set("late", "1");
    const shown = {};
    const stored = store.all();
    for (const key of keys) {
      const { time, note } = timeField(key) ? contentOf(key) : stored[key];
      fields.append("row", key.replace(/-\d$/, ""));
      fields.set(`c-${key}`, time);
      fields.set(`n-${key}`, note);
      shown[key] = baseOf(key);
    }
    fields.set("base", JSON.stringify(shown));
    return fields;
  }

  async function send() {
    if (isSending || !waiting.size || trouble === "closed") return;
    const keys = [...waiting];
    const sent = new Map(keys.map((key) => [key, JSON.stringify(timeField(key) ? contentOf(key) : null)]));
    isSending = true;
    for (const key of keys) mark(key, "saving");
    tell();
    try {
      const answer = await fetch(cellsUrl, { method: "POST", body: bundle(keys), headers: { Accept: "application/json" } });
      if (answer.status === 401) stop("signed-out", keys);
      else if (answer.status === 403) await renewToken(keys);
      else if (answer.status === 409) close((await answer.json()).sentence, keys);
      else if (answer.ok) settle(await answer.json(), sent);
      else stop("kept", keys);
    } catch {
      stop("kept", keys); // no network, or the server is away
    }
    isSending = false;
    if (waiting.size && !trouble) later(SOON);
    tell();
  }

  function settle({ saved, refused: why, contested: now }, sent) {
    trouble = "";
    wait = 0;
    let hasRowElsewhere = false;
    for (const [key, cell] of Object.entries(saved)) {
      const { minutes, note } = cell;
      base.set(key, [minutes, note]);
      known.keep(key, cell);
      const field = timeField(key);
      if (!field) {
        hasRowElsewhere = true;
        waiting.delete(key);
        store.drop(key);
        continue;
      }
      field.dataset.saved = minutes;
      field.closest("td").classList.toggle("noted", Boolean(note));
      if (JSON.stringify(contentOf(key)) === sent.get(key)) {
        waiting.delete(key);
        field.defaultValue = field.value;
        if (noteField(key)) noteField(key).defaultValue = noteField(key).value;
        mark(key, "saved");
      }
      keep(key);
    }
    form.elements.base.value = JSON.stringify(Object.fromEntries([...base].filter(([, [minutes]]) => minutes)));
    for (const [key, sentence] of Object.entries(why)) {
      waiting.delete(key);
      refused.set(key, sentence);
      mark(key, "refused");
    }
    for (const key of Object.keys(now)) {
      waiting.delete(key);
      contested.add(key);
      mark(key, "contested");
    }
    tellRefused();
    if (Object.keys(now).length) askBetween(form, now, { contentOf, timeField, showDay, say, read }, { keepMine, takeTheirs });
    if (hasRowElsewhere && !waiting.size) {
      isLeaving = true;
      location.reload(); // what was kept for a row that this page lacks is saved: show it
    }
  }

  function keepMine(key, { minutes, note }) {
    base.set(key, [minutes, note]);
    queue(key);
  }

  function takeTheirs(key, { minutes, note, typed }) {
    base.set(key, [minutes, note]);
    contested.delete(key);
    if (noteField(key)) noteField(key).value = noteField(key).defaultValue = note;
    const field = timeField(key);
    field.dataset.saved = minutes;
    field.dataset.before = typed;
    write(field, typed);
    field.defaultValue = typed;
    store.drop(key);
    mark(key, "saved");
    tell();
  }

  /** The sentence of each cell the co-op refused, in a list that leads to it. */
  function tellRefused() {
    const list = form.querySelector("[data-refused]");
    list.replaceChildren();
    for (const [key, sentence] of refused) {
      if (!sentence) continue;
      const item = list.appendChild(document.createElement("li"));
      const link = item.appendChild(document.createElement("a"));
      link.href = `#c-${key}`;
      link.textContent = timeField(key)?.ariaLabel ?? "";
      link.addEventListener("click", () => showDay(key.slice(-1)));
      item.append(` – ${sentence}`);
    }
    list.hidden = !list.children.length;
  }

  function stop(why, keys) {
    trouble = why;
    for (const key of keys) mark(key, "kept");
    wait = Math.min(LONGEST_WAIT, Math.max(2_000, wait * 2));
    if (why === "kept") later(wait);
  }

  /** Somebody signed in again in another tab: this page's token is old, not the reader. */
  async function renewToken(keys) {
    const page = await fetch(location.href, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("#week");
    if (!fresh || fresh.dataset.person !== person) return stop("signed-out", keys);
    form.elements.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
    trouble = "";
    return later(0);
  }

  /** The week was submitted or approved elsewhere: typing goes nowhere any more, and the page says so. */
  function close(sentence, keys) {
    trouble = "closed";
    for (const key of keys) mark(key, "kept");
    form.dataset.sayClosed = sentence;
  }

  form.addEventListener("input", ({ target }) => isOurs(target) && keep(keyOf(target)));
  form.addEventListener("change", ({ target }) => isOurs(target) && queue(keyOf(target)));
  window.addEventListener("online", () => { trouble = trouble === "kept" ? "" : trouble; wait = 0; later(0); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || !waiting.size) return;
    trouble = trouble === "closed" ? trouble : "";
    later(0);
  });

  // Sending the whole form saves everything at once: the device keeps it until the next page says so.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isLeaving = true;
  });
  window.addEventListener("pageshow", () => { isLeaving = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && isUnkept && waiting.size) event.preventDefault();
  });

  // A copy opened without network lacks what was saved since; a page from the network lacks nothing.
  if (copy === "yes") {
    for (const [key, cell] of Object.entries(known.all())) if (timeField(key)) takeTheirs(key, cell);
  } else {
    known.clear();
  }

  // What this device kept from before: still to send, there already, or changed meanwhile elsewhere.
  for (const [key, { time, note, base: then }] of Object.entries(store.all())) {
    const field = timeField(key);
    if (!field) {
      base.set(key, then);
      waiting.add(key);
      continue;
    }
    const shown = baseOf(key);
    field.dataset.before = field.value;
    if (read({ value: time }).minutes === shown[0] && note === shown[1]) {
      store.drop(key); // it had arrived
      continue;
    }
    if (noteField(key)) noteField(key).value = note;
    if (field.value !== time) {
      field.value = time;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (String(shown) !== String(then)) base.set(key, then); // changed elsewhere since: the co-op will say so
    queue(key);
  }
  form.dataset.live = "";
  if (waiting.size) later(0);
  tell();

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then(({ active }) => {
      const parts = performance.getEntriesByType("resource").map(({ name }) => name);
      if (copy !== "yes") active.postMessage({ keep: location.href, parts, person });
    }).catch(() => {});
  }
}
