/** Each cell saves itself: kept on the device as it is typed, sent when it is final, and the page says where it is.
 *
 * Sent in small bundles, one at a time; what fails is tried again, more and more slowly. What was
 * changed elsewhere meanwhile is shown, and the reader chooses (sheet_conflict.js). No field is ever
 * disabled, and the caret stays where it is.
 */

import { conflictsOf } from "./sheet_conflict.js";
import { write } from "./sheet_keys.js";
import { keepPage } from "./sheet_offline.js";
import { layRow } from "./sheet_rows.js";
import { tellsOf } from "./sheet_status.js";
import { plain, savedOf, unsentOf } from "./sheet_store.js";

// Milliseconds.
const SOON = 400; // changes that follow each other go together
const PAUSE = 3_000; // whoever stops typing has typed
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;
const PATIENCE = 20_000; // a network that hangs is no network
const MOST_CELLS = 100; // in a bundle
const RETRIED = new Set(["kept", "away"]);

export function keepSaved(form, table, read, say, showDay) {
  const { person, week, cellsUrl, copy } = form.dataset;
  const unsent = unsentOf(person, week);
  const known = savedOf(person, week);
  const { mark, stand, refusals } = tellsOf(form, say, showDay);
  const base = new Map(Object.entries(JSON.parse(form.elements.base.value || "{}")));
  const sentLast = new Map(); // key → content sent whose answer never came: the co-op may hold it, or not
  const typing = new Set(); // keys of cells whose text is not final yet
  const waiting = new Set(); // keys of cells to send
  const contested = new Set(); // keys the reader has to choose for
  const refused = new Map(); // key → { sentence, text }
  const unkept = new Set(); // keys the device would not keep
  let isSending = false;
  let isLeaving = false;
  let isRenewed = false;
  let trouble = copy === "yes" ? "kept" : ""; // "", "kept", "away", "signed-out", "closed"
  let closed = ""; // why the week takes no hours
  let wait = 0;
  let timer = 0;
  let pause = 0;

  const timeField = (key) => form.elements[`c-${key}`];
  const noteField = (key) => form.elements[`n-${key}`];
  const keyOf = (input) => input.name.slice(2);
  const isOurs = (input) => input instanceof HTMLInputElement && /^[cn]-\d+-\d+-\d$/.test(input.name);
  const baseOf = (key) => base.get(key) ?? [0, ""];
  const same = (one, other) => one[0] === other[0] && one[1] === other[1];

  /** The texts of a cell: the page's, or the device's where the page lacks its row. */
  const contentOf = (key) => {
    const { time = "", note = "" } = timeField(key) ? {} : unsent.all()[key] ?? {};
    return { time: timeField(key)?.value ?? time, note: noteField(key)?.value ?? note };
  };

  function says(key, content) {
    const { time, note } = contentOf(key);
    return read({ value: time }).minutes === content[0] && plain(note) === content[1];
  }

  /** What the page showed when the cell was typed; of a cell typed back to that, what was sent in between. */
  const upon = (key) => (sentLast.has(key) && says(key, baseOf(key)) ? sentLast.get(key) : baseOf(key));

  const isAsSaved = (key) => says(key, baseOf(key)) && !sentLast.has(key);

  /** What the whole form is based on, when it is sent as one, follows. */
  function setBase(key, content) {
    base.set(key, content);
    form.elements.base.value = JSON.stringify(Object.fromEntries([...base].filter(([, [minutes]]) => minutes)));
  }

  function tell() {
    refusals(refused, dropRefused);
    const isUnsent = waiting.size + typing.size > 0;
    if (trouble === "closed") stand("closed", closed);
    else if (trouble && isUnsent && unkept.size) stand("unkept");
    else if (trouble === "signed-out" && isUnsent) stand("signed-out");
    else if (contested.size) stand("contested");
    else if (trouble && isUnsent) stand(trouble);
    else if (refused.size) stand("refused");
    else stand(isSending || isUnsent ? "saving" : "saved");
  }

  function dropRefused(key) {
    refused.delete(key);
    unsent.drop(key);
    tell();
  }

  /** Keep on the device what a cell holds now. */
  function keep(key) {
    unkept.delete(key);
    if (isAsSaved(key)) unsent.drop(key);
    else if (!unsent.keep(key, { ...contentOf(key), base: upon(key) })) unkept.add(key);
  }

  /** A cell is typed in: kept at every key, sent once its text is final or no key has followed for a while. */
  function follow(key) {
    keep(key);
    if (isAsSaved(key)) typing.delete(key);
    else typing.add(key);
    clearTimeout(pause);
    pause = setTimeout(() => {
      for (const kept of typing) if (!read({ value: contentOf(kept).time }).refusal) queue(kept);
    }, PAUSE);
    tell();
  }

  /** A cell has its final text: send it, unless it cannot be understood. */
  function queue(key) {
    typing.delete(key);
    refused.delete(key);
    contested.delete(key);
    conflicts.forget(key);
    keep(key);
    const { time } = contentOf(key);
    const { refusal } = read({ value: time });
    if (refusal) {
      waiting.delete(key);
      refused.set(key, { sentence: refusal, text: time });
      mark(key, "refused");
    } else if (isAsSaved(key)) {
      waiting.delete(key);
      mark(key, "");
    } else {
      waiting.add(key);
      mark(key, trouble ? "kept" : "saving");
      if (!trouble) later(SOON);
      else if (!timer && RETRIED.has(trouble)) later(wait || SOON);
    }
    tell();
  }

  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }

  function bundle(keys) {
    const fields = new URLSearchParams();
    for (const name of ["csrfmiddlewaretoken", "of", "late"]) {
      if (form.elements[name]) fields.set(name, form.elements[name].value);
    }
    for (const row of new Set(keys.map((key) => key.replace(/-\d$/, "")))) fields.append("row", row);
    for (const key of keys) {
      const { time, note } = contentOf(key);
      fields.set(`c-${key}`, time);
      fields.set(`n-${key}`, note);
    }
    fields.set("base", JSON.stringify(Object.fromEntries(keys.map((key) => [key, upon(key)]))));
    return fields;
  }

  async function send() {
    timer = 0;
    if (isSending || !waiting.size) return;
    const keys = [...waiting].slice(0, MOST_CELLS);
    const sent = new Map(keys.map((key) => [key, contentOf(key)]));
    const body = bundle(keys);
    isSending = true;
    for (const [key, { time, note }] of sent) {
      sentLast.set(key, [read({ value: time }).minutes, plain(note)]);
      mark(key, "saving");
    }
    tell();
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(cellsUrl, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) });
      const told = answer.headers.get("Content-Type") === "application/json" ? await answer.json() : null;
      if ([401, 403, 409].includes(answer.status)) for (const key of keys) sentLast.delete(key); // nothing was written
      if (answer.ok && told) settle(told, sent);
      else if (answer.status === 401) stop("signed-out", keys);
      else if (answer.status === 409 && told) close(told.sentence, keys);
      else if (answer.status === 403 && !isRenewed) await renewToken(keys);
      else stop("away", keys);
    } catch (failure) {
      if (!(failure instanceof TypeError || failure instanceof DOMException)) throw failure;
      stop("kept", keys);
    }
    isSending = false;
    if (waiting.size && !trouble) later(SOON);
    tell();
    freshen();
  }

  /** The answer came: of each cell that was sent, it is known again what the co-op holds. */
  function settle({ saved, refused: why, contested: now, state }, sent) {
    trouble = "";
    wait = 0;
    isRenewed = false;
    if (state) document.querySelector("[data-week-state]").innerHTML = state;
    for (const key of sent.keys()) {
      sentLast.delete(key);
      waiting.delete(key);
    }
    for (const [key, cell] of Object.entries(saved)) {
      setBase(key, [cell.minutes, cell.note]);
      known.keep(key, cell);
      const field = timeField(key);
      if (!field) {
        unsent.drop(key);
        continue;
      }
      field.dataset.saved = cell.minutes;
      field.closest("td").classList.toggle("noted", Boolean(cell.note));
      const { time, note } = sent.get(key);
      if (field.value === time && (noteField(key)?.value ?? "") === note) mark(key, "saved");
      else if (typing.has(key)) mark(key, ""); // typed on meanwhile: it goes once its text is final
      else queue(key);
      keep(key);
    }
    const days = new Set(Object.keys(saved).map((key) => key.slice(-1)));
    for (const key of [...refused.keys()]) {
      // What made a day too long may have gone.
      if (days.has(key.slice(-1)) && timeField(key) && !read(timeField(key)).refusal) queue(key);
    }
    for (const [key, sentence] of Object.entries(why)) {
      refused.set(key, { sentence, text: [sent.get(key).time, sent.get(key).note].filter(Boolean).join(" – ") });
      mark(key, "refused");
    }
    for (const [key, theirs] of Object.entries(now)) {
      contested.add(key);
      mark(key, "contested");
      conflicts.ask(key, theirs);
    }
  }

  function keepMine(key, { minutes, note }) {
    setBase(key, [minutes, note]);
    queue(key);
  }

  function takeTheirs(key, { minutes, note, typed }) {
    setBase(key, [minutes, note]);
    contested.delete(key);
    if (noteField(key)) noteField(key).value = note;
    const field = timeField(key);
    if (field) {
      field.dataset.saved = minutes;
      field.dataset.before = typed;
      write(field, typed);
    }
    unsent.drop(key);
    mark(key, "saved");
    tell();
  }

  function stop(why, keys) {
    trouble = why;
    for (const key of keys) mark(key, "kept");
    wait = Math.min(LONGEST_WAIT, Math.max(FIRST_WAIT, wait * 2));
    if (RETRIED.has(why)) later(wait);
  }

  /** The week was submitted or approved elsewhere: typing goes nowhere any more, and the page says so. */
  function close(sentence, keys) {
    closed = sentence;
    stop("closed", keys);
  }

  /** Somebody signed in again in another tab: if it is the same person, only this page's token is old. */
  async function renewToken(keys) {
    isRenewed = true;
    const page = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE) });
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("#week");
    if (fresh?.dataset.person !== person) {
      stop("signed-out", keys);
      return;
    }
    for (const name of ["csrfmiddlewaretoken", "of"]) form.elements[name].value = fresh.elements[name].value;
    trouble = "";
  }

  /** Whatever kept the cells from leaving may be over: try at once. */
  function retry() {
    if (!waiting.size) {
      freshen();
      return;
    }
    wait = 0;
    isRenewed = false;
    later(0);
  }

  /** A copy gives way to the page itself once the network is back, unless somebody is typing in it. */
  function freshen() {
    const isTyping = document.activeElement instanceof HTMLInputElement && form.contains(document.activeElement);
    const isSettled = !(trouble || isSending || waiting.size || typing.size || contested.size || refused.size);
    if (copy !== "yes" || !navigator.onLine || isTyping || !isSettled) return;
    isLeaving = true;
    location.reload();
  }

  /** Show what this device kept of a cell: still to send, there already, or changed elsewhere meanwhile. */
  function restore(key, { time, note, base: then }) {
    const field = timeField(key);
    if (read({ value: time }).minutes === baseOf(key)[0] && plain(note) === baseOf(key)[1]) {
      unsent.drop(key); // it had arrived
      return;
    }
    if (same(baseOf(key), then) && field.getAttribute("aria-invalid") === "true" && field.value === time) {
      mark(key, "refused");
      refused.set(key, { sentence: "", text: time }); // this very page says why
      return;
    }
    field.dataset.before = field.value;
    if (noteField(key)) noteField(key).value = note;
    field.value = time;
    field.dispatchEvent(new Event("input", { bubbles: true })); // added up; and an older refusal goes
    if (!same(baseOf(key), then)) setBase(key, then); // changed elsewhere since: the co-op will say so
    queue(key);
  }

  /** What was typed in rows that this page lacks is laid out too; where that cannot be, it is sent all the same. */
  async function restoreRows(left) {
    for (const row of new Set(left.map(([key]) => key.replace(/-\d$/, "")))) await layRow(form, table, row).catch(() => null);
    for (const [key, cell] of left) {
      if (timeField(key)) {
        restore(key, cell);
      } else {
        setBase(key, cell.base);
        queue(key);
      }
    }
  }

  const conflicts = conflictsOf(form, { contentOf, read, say, showDay }, { keepMine, takeTheirs });

  form.addEventListener("input", ({ target }) => isOurs(target) && follow(keyOf(target)));
  form.addEventListener("change", ({ target }) => isOurs(target) && queue(keyOf(target)));
  form.addEventListener("focusout", () => setTimeout(freshen));
  form.addEventListener("rows", () => {
    for (const field of form.querySelectorAll(".cell input")) {
      const key = keyOf(field);
      if (!base.has(key) && Number(field.dataset.saved)) setBase(key, [Number(field.dataset.saved), noteField(key)?.value ?? ""]);
    }
  });
  window.addEventListener("online", () => {
    if (trouble === "kept") trouble = "";
    retry();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && waiting.size && retry());

  // Sending the whole form saves everything at once: the device keeps it until the next page says so.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isLeaving = true;
  });
  window.addEventListener("pageshow", () => { isLeaving = false; });
  window.addEventListener("pagehide", () => {
    const left = [...waiting, ...typing].slice(0, MOST_CELLS);
    if (left.length && !isLeaving && !trouble) fetch(cellsUrl, { method: "POST", body: bundle(left), keepalive: true }).catch(() => {});
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && unkept.size && (waiting.size || typing.size || refused.size || contested.size)) event.preventDefault();
  });

  // A copy opened without network lacks what was saved since; a page from the network lacks nothing.
  if (copy === "yes") {
    for (const [key, cell] of Object.entries(known.all())) if (timeField(key)) takeTheirs(key, cell);
  } else {
    known.clear();
  }

  const before = unsent.all();
  // A page that comes back after a refusal shows what was typed: it says why, and nothing is hidden as saved.
  for (const field of form.querySelectorAll(".cell input")) {
    const key = keyOf(field);
    if (before[key] || isAsSaved(key)) continue;
    if (field.getAttribute("aria-invalid") === "true") {
      mark(key, "refused");
      refused.set(key, { sentence: "", text: field.value });
    } else {
      queue(key);
    }
  }
  const [here, elsewhere] = [[], []];
  for (const kept of Object.entries(before)) (timeField(kept[0]) ? here : elsewhere).push(kept);
  for (const [key, cell] of here) restore(key, cell);
  if (elsewhere.length) restoreRows(elsewhere);
  form.dataset.live = "";
  if (waiting.size) later(0);
  tell();
  keepPage(copy);
}
