/** Rows found by typing and added in place, and rows kept at hand. Without this, the same is done page by page. */

const SOON = 180; // milliseconds after the last letter

/** The row of the table, asked of the co-op and laid out if it is not there; nothing if it takes no time. */
export async function layRow(form, table, row) {
  const { search } = form.querySelector(".add-row").dataset;
  const here = () => table.querySelector(`tr.row[data-row="${row}"]`);
  if (here()) return here();
  const answer = await fetch(`${search}${row}/${form.elements.late ? "?late" : ""}`);
  if (!answer.ok || answer.redirected) return null;
  const shown = await answer.text();
  const leave = table.querySelector("tr.leave");
  if (leave) leave.insertAdjacentHTML("beforebegin", shown);
  else table.tBodies[0].insertAdjacentHTML("beforeend", shown);
  form.insertAdjacentHTML("beforeend", `<input type="hidden" name="added" value="${row}">`);
  form.dispatchEvent(new Event("rows"));
  return here();
}

export function findRows(form, table, say) {
  const box = form.querySelector("#find-row");
  const list = form.querySelector("#found-rows");
  const told = form.querySelector("[data-found]");
  const { search } = form.querySelector(".add-row").dataset;
  let asked = 0;
  let timer = 0;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    box.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) choose(null);
  }

  async function look() {
    const mine = (asked += 1);
    const text = box.value.trim();
    if (!text) {
      open(false);
      return;
    }
    try {
      const answer = await fetch(`${search}?q=${encodeURIComponent(text)}`, { headers: { "X-Part": "options" } });
      const found = answer.ok && !answer.redirected ? await answer.text() : "";
      if (mine !== asked) return;
      list.innerHTML = found;
      open(Boolean(options().length));
      choose(options()[0]);
      told.textContent = options().length ? say(form.dataset.sayFound, { count: options().length }) : form.dataset.sayNothingFound;
    } catch {
      form.querySelector("[data-told]").textContent = form.dataset.sayNoSearch;
    }
  }

  async function add(row) {
    open(false);
    box.value = "";
    const shown = await layRow(form, table, row);
    if (!shown) {
      form.querySelector("[data-told]").textContent = form.dataset.sayNoSearch;
      return;
    }
    [...shown.querySelectorAll("input[name^='c-']")].find((input) => input.offsetParent)?.focus();
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, SOON);
  });
  box.addEventListener("blur", () => setTimeout(() => open(false), 150));
  box.addEventListener("keydown", (event) => {
    const all = options();
    const place = all.indexOf(chosen());
    const keys = {
      ArrowDown: () => choose(all[(place + 1) % all.length]),
      ArrowUp: () => choose(all[(place - 1 + all.length) % all.length]),
      Enter: () => chosen() && add(chosen().dataset.row),
      Escape: () => { open(false); box.value = ""; },
    };
    if (!keys[event.key]) return;
    if (event.key === "Enter" || !list.hidden || event.key === "Escape") event.preventDefault();
    if (event.key === "Escape" || !list.hidden) keys[event.key]();
    else if (event.key === "Enter") look();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) add(option.dataset.row);
  });

  form.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-star]");
    if (!button) return;
    event.preventDefault();
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const answer = await fetch(`/hours/rows/${button.dataset.star}/favourite/`, { method: "POST", body });
    if (!answer.ok || answer.redirected) return;
    const isOne = (await answer.text()) === "on";
    button.closest("th").querySelector(".task").classList.toggle("starred", isOne);
    form.querySelector("[data-told]").textContent = isOne ? form.dataset.sayStarred : form.dataset.sayUnstarred;
    const menu = button.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus(); // the button that held the focus is gone
  });

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.key.toLowerCase() === "k" && !event.shiftKey) {
      event.preventDefault();
      box.focus();
    } else if (event.key.toLowerCase() === "m" && event.ctrlKey && event.target.closest?.("tr.row")) {
      event.preventDefault();
      const row = event.target.closest("tr.row");
      const notes = row.querySelector(".notes-of");
      notes.open = !notes.open;
      const fields = row.nextElementSibling;
      const ofDay = fields.querySelector(`label.d${event.target.dataset.day} input`) ?? fields.querySelector("input");
      if (notes.open) ofDay?.focus();
    }
  });
  form.querySelector("[data-keys]").hidden = false;
  form.classList.add("scripted");
}
