/** What people type for a length of time, and the integer minutes it means.
 *
 * The twin of koumbit/durations.py: tests/duration_cases.json is the one table both are tested
 * against. A text is understood or refused, never clamped or guessed.
 */

export const DAY = 24 * 60;

const SPACES = /[ \t\u00a0\u2009\u202f]+/g;
const HOURS = /^([0-9]{1,3})?(?:[.,]([0-9]{1,4}))?( ?h)?$/;
const HOURS_MINUTES = /^([0-9]{1,3})(?: ?h ?([0-9]{2})|:([0-9]{2})| ?h ?([0-9]{1,2}) ?(?:m|min))$/;
const MINUTES = /^([0-9]{1,4}) ?(?:m|min)$/;

/** Why a text was refused: code "unknown", "too_long" or "minutes" (a bare number meant as minutes). */
export class NotADuration extends Error {
  constructor(code, text) {
    super(`${code}: ${text}`);
    this.code = code;
    this.text = text.trim().slice(0, 40);
  }
}

/** Integer minutes from what was typed: 7,5  7.5h  7h30  7:30  90m  ,5. Throws NotADuration. */
export function parse(text, longest = DAY) {
  const typed = text.replace(SPACES, " ").replace(/^ | $/g, "").toLowerCase();
  let minutes;
  let mayBeMinutes = false;
  let match;
  if ((match = MINUTES.exec(typed))) {
    minutes = Number(match[1]);
  } else if ((match = HOURS_MINUTES.exec(typed))) {
    const rest = Number(match[2] ?? match[3] ?? match[4]);
    if (rest > 59) throw new NotADuration("unknown", text);
    minutes = Number(match[1]) * 60 + rest;
  } else if ((match = HOURS.exec(typed)) && (match[1] ?? match[2]) !== undefined) {
    const whole = Number(match[1] ?? 0);
    const fraction = match[2] ?? "0";
    const scale = 10 ** fraction.length;
    minutes = whole * 60 + Math.floor((Number(fraction) * 120 + scale) / (2 * scale));
    mayBeMinutes = match[2] === undefined && match[3] === undefined && whole <= longest;
  } else {
    throw new NotADuration("unknown", text);
  }
  if (minutes > longest) throw new NotADuration(mayBeMinutes ? "minutes" : "too_long", text);
  return minutes;
}

/** The shortest text that parse() reads back as the same minutes: 7h30, 7, empty for 0. */
export function typed(minutes) {
  if (!minutes) return "";
  const whole = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  const sign = minutes < 0 ? "-" : "";
  return rest ? `${sign}${whole}h${String(rest).padStart(2, "0")}` : `${sign}${whole}`;
}

/** A length of time as the reader writes it, in French and in English alike: 7 h 30, 7 h, 0 h 45. */
export function written(minutes) {
  const whole = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  const sign = minutes < 0 ? "\u2212" : "";
  return `${sign}${whole}\u00a0h${rest ? `\u00a0${String(rest).padStart(2, "0")}` : ""}`;
}
