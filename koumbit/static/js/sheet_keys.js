/** A keyboard that fits a table: moving, undoing, filling, pasting. Every change is made as if typed. */

import { typed as shortest } from "./durations.js";

const isCell = (target) => target instanceof HTMLInputElement && target.name.startsWith("c-");

/** Set a cell as if it had been typed: `input` adds up, `change` saves. */
export function write(input, text) {
  if (input.value === text) return;
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/** What was done to cells, step by step; a step may hold several cells (a paste, a fill). */
class Steps {
  #done = [];
  #undone = [];

  add(step) {
    if (!step.length) return;
    this.#done.push(step);
    this.#undone = [];
  }

  /** Take back the last step, or do again the last one taken back; the first cell of it is returned. */
  move(form, isUndo) {
    const step = (isUndo ? this.#done : this.#undone).pop();
    if (!step) return null;
    (isUndo ? this.#undone : this.#done).push(step);
    for (const { name, before, after } of step) {
      const input = form.elements[name];
      if (!input) continue;
      input.dataset.before = isUndo ? before : after;
      write(input, input.dataset.before);
    }
    return form.elements[step[0].name] ?? null;
  }
}

export function listenToKeys(form, table, say) {
  const steps = new Steps();
  const told = form.querySelector("[data-told]");
  let isOneStep = false;

  const rows = () => [...table.tBodies[0].querySelectorAll("tr.row")];
  const fieldAt = (row, column) => row?.cells[column]?.querySelector("input[name^='c-']") ?? null;

  /** Several changes as one step that is undone at once. */
  function together(change) {
    const step = [];
    isOneStep = true;
    change((input, text) => {
      step.push({ name: input.name, before: input.value, after: text });
      write(input, text);
    });
    isOneStep = false;
    steps.add(step.filter(({ before, after }) => before !== after));
    if (isCell(document.activeElement)) document.activeElement.dataset.before = document.activeElement.value;
  }

  /** The field `down` rows below and `across` columns to the right that can be typed in, if there is one. */
  function neighbour(input, down, across) {
    const all = rows();
    const cell = input.closest("td");
    let row = all.indexOf(cell.parentElement);
    let column = cell.cellIndex;
    while (all[(row += down)] && all[row].cells[(column += across)]) {
      const found = fieldAt(all[row], column);
      if (found?.offsetParent) return found;
    }
    return null;
  }

  function move(event, input, down, across) {
    const target = neighbour(input, down, across);
    if (target) target.focus();
    if (target || down) event.preventDefault();
  }

  const stopsOf = (row) => [...row.querySelectorAll("td.cell :is(input, a.lines)")].filter((stop) => stop.offsetParent);

  /** Tab goes on from the last cell of a row to the next row's first. What a row offers is one Shift+Tab before that. */
  function tab(event) {
    const row = event.target.closest("tr.row");
    if (event.shiftKey || stopsOf(row).at(-1) !== event.target || row.querySelector(".notes-of")?.open) return;
    const all = rows();
    const next = all.slice(all.indexOf(row) + 1).map((one) => stopsOf(one)[0]).find(Boolean);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  /** From this cell on, the days to its right that are empty get the same time. */
  function fillRight(input) {
    const { cellIndex, parentElement } = input.closest("td");
    together((set) => {
      for (let column = cellIndex + 1; column < parentElement.cells.length; column += 1) {
        const field = fieldAt(parentElement, column);
        if (field && !field.value.trim() && !field.closest("td").classList.contains("weekend")) set(field, input.value);
      }
    });
  }

  /** A block copied from a spreadsheet, or a row copied here, fills the fields from one on; returns what did not fit. */
  function lay(text, input) {
    const all = rows();
    const first = all.indexOf(input.closest("tr"));
    const column = input.closest("td").cellIndex;
    let outside = 0;
    together((set) => {
      text.replace(/\r?\n$/, "").split(/\r?\n/).forEach((line, down) => {
        line.split("\t").forEach((value, across) => {
          const field = fieldAt(all[first + down], column + across);
          if (field) set(field, value.trim());
          else if (value.trim()) outside += 1;
        });
      });
    });
    told.textContent = outside ? say(form.dataset.sayOutside, { count: outside }) : "";
  }

  /** The seven days of a row as spreadsheets take them. */
  const rowText = (row) => [...row.querySelectorAll("td.cell")].map((cell) => {
    const field = cell.querySelector("input");
    return field ? field.value : shortest(Number(cell.querySelector("a.lines")?.dataset.minutes ?? 0));
  }).join("\t");

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
      write(input, input.dataset.before);
      input.select();
    },
  };

  function back(event, isUndo) {
    event.preventDefault();
    const input = event.target;
    if (isUndo && input.value !== input.dataset.before) {
      write(input, input.dataset.before); // what is being typed is the first thing to take back
      input.select();
      return;
    }
    const changed = steps.move(form, isUndo);
    if (changed?.offsetParent) changed.focus();
    changed?.select();
  }

  const CHORDS = {
    z: (event) => back(event, !event.shiftKey),
    y: (event) => back(event, false),
    ArrowRight: (event, input) => {
      if (!event.shiftKey) return;
      event.preventDefault();
      fillRight(input);
    },
  };

  form.addEventListener("focusin", ({ target }) => {
    if (isCell(target)) target.dataset.before = target.value;
  });
  form.addEventListener("change", ({ target }) => {
    if (!isCell(target) || isOneStep || target.value === target.dataset.before) return;
    steps.add([{ name: target.name, before: target.dataset.before ?? target.defaultValue, after: target.value }]);
    target.dataset.before = target.value;
  });
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (event.key === "Tab" && input.matches("td.cell :is(input, a.lines)")) tab(event);
    if (!isCell(input) || event.altKey) return;
    if (event.ctrlKey || event.metaKey) CHORDS[event.key.length === 1 ? event.key.toLowerCase() : event.key]?.(event, input);
    else KEYS[event.key]?.(event, input);
  });
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!isCell(event.target) || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    lay(text, event.target);
  });
  form.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("button[data-row-act]");
    if (!button) return;
    const row = button.closest("tr.row");
    const first = row.querySelector("td.cell input[name^='c-']");
    const act = button.dataset.rowAct;
    if (act === "fill") {
      const source = [...row.querySelectorAll("td.cell input[name^='c-']")].find((input) => input.value.trim());
      if (source) fillRight(source);
    } else if (act === "copy") {
      form.dataset.copied = rowText(row);
      told.textContent = form.dataset.sayCopied;
      await navigator.clipboard?.writeText(form.dataset.copied).catch(() => {});
    } else if (act === "paste" && form.dataset.copied && first) {
      // A row goes day to day, from its first column on, even where that day is shut.
      const texts = form.dataset.copied.split("\t");
      together((set) => {
        [...row.querySelectorAll("td.cell")].forEach((cell, day) => {
          const field = cell.querySelector("input[name^='c-']");
          if (field) set(field, texts[day] ?? "");
        });
      });
    }
    row.querySelector("details[open].row-menu")?.removeAttribute("open");
    first?.focus();
  });
}
