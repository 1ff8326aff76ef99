/** What this device keeps of a person's weeks, by person and week, and nothing else.
 *
 * Unsent: cells typed and not saved yet, { time, note, base: [minutes, note] }: their texts, and what the
 * page showed when they were typed. They go once the co-op has them. Saved: cells saved since the page was
 * loaded, { minutes, note, typed }: what a copy of the page opened without network lacks. They go when the
 * page comes from the network again, when the person signs out, and when another one signs in.
 */

const UNSENT = "koumbit:unsent:";
const SAVED = "koumbit:saved:";
const WEEKS = "koumbit-weeks-1"; // copies of pages, made by sw.js
const OWNER = "/owner";

class Kept {
  #name;

  constructor(prefix, person, week) {
    this.#name = `${prefix}${person}:${week}`;
  }

  all() {
    try {
      return JSON.parse(localStorage.getItem(this.#name)) ?? {};
    } catch {
      return {};
    }
  }

  /** Keep a cell; returns whether the device could. */
  keep(key, cell) {
    return this.#write({ ...this.all(), [key]: cell });
  }

  /** Forget a cell. */
  drop(key) {
    const { [key]: _, ...rest } = this.all();
    this.#write(rest);
  }

  clear() {
    this.#write({});
  }

  #write(cells) {
    try {
      if (Object.keys(cells).length) localStorage.setItem(this.#name, JSON.stringify(cells));
      else localStorage.removeItem(this.#name);
      return true;
    } catch {
      return false;
    }
  }
}

export const unsentOf = (person, week) => new Kept(UNSENT, person, week);
export const savedOf = (person, week) => new Kept(SAVED, person, week);

/** A note as the co-op keeps it. */
export const plain = (note) => note.split(/\s+/).filter(Boolean).join(" ");

function names(prefix) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  } catch {
    return []; // a browser that keeps nothing
  }
}

/** The weeks of a person that hold something not sent yet, by their first day. */
export const unsentWeeks = (person) => names(`${UNSENT}${person}:`).map((name) => name.split(":").at(-1)).sort();

/** Copies of weeks stay for this person only: another one's go, but for what that one did not send yet. */
export async function keepOnlyFor(person) {
  for (const name of names(SAVED)) {
    if (!name.startsWith(`${SAVED}${person}:`)) localStorage.removeItem(name);
  }
  if (!(await globalThis.caches?.has(WEEKS))) return;
  const owner = await (await caches.open(WEEKS)).match(OWNER);
  // Its owner is written before any week: without one, the first copy is just being made.
  if (owner && (await owner.text()) !== person) await caches.delete(WEEKS);
}

/** On signing out: no copy of a week stays here; only what is not sent waits for its owner. */
export async function forget() {
  for (const name of names(SAVED)) localStorage.removeItem(name);
  await globalThis.caches?.delete(WEEKS);
}
