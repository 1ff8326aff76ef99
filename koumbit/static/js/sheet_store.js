/** What this device keeps of a person's week, by person and week, and nothing else.
 *
 * Unsent: cells typed and not saved yet, { time, note, base: [minutes, note] }: their texts, and what the
 * page showed when they were typed. They go once the co-op has them. Saved: cells saved since the page was
 * loaded, { minutes, note, typed }: what a copy of the page opened without network lacks. They go when the
 * page comes from the network again, and when the person signs out.
 */

const UNSENT = "koumbit:unsent:";
const SAVED = "koumbit:saved:";

export class Kept {
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

const namesOf = (prefix) => Object.keys(localStorage).filter((name) => name.startsWith(prefix));

/** How many weeks of a person hold something that is not sent yet. */
export const unsentWeeks = (person) => namesOf(`${UNSENT}${person}:`).length;

/** On signing out: no copy of a week stays here; only what is not sent waits for its owner. */
export async function forget() {
  for (const name of namesOf(SAVED)) localStorage.removeItem(name);
  await globalThis.caches?.delete("koumbit-weeks-1");
}
