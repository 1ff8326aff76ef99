/** Where the truth is: beside each cell, in one line of the bar, and aloud only when it matters. */

const AFTER_CLICK = 50; // milliseconds
const QUIET = new Set(["saved", "saving"]);

export function tellsOf(form, say, showDay) {
  const line = form.querySelector("[data-saving]");
  const aloud = form.querySelector("[data-aloud]");
  const list = form.querySelector("[data-refused]");
  let lastAloud = "saved";
  let lastRefused = "";

  const field = (key) => form.elements[`c-${key}`];

  // A list that appears pushes what is below it: never from under a finger on its way to a button.
  let isDown = false;
  let afterwards = null;
  window.addEventListener("pointerdown", () => { isDown = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) {
    window.addEventListener(end, () => {
      isDown = false;
      setTimeout(() => {
        afterwards?.();
        afterwards = null;
      }, AFTER_CLICK);
    }, true);
  }

  /** How a cell stands, beside it: saving, saved, kept, refused, contested, or nothing to say. */
  function mark(key, state) {
    const cell = field(key)?.closest("td");
    if (!cell) return;
    if (state) cell.dataset.state = state;
    else delete cell.dataset.state;
  }

  /** One line in the bar. A listener hears of what asks for them, and that it is settled; not of each cell. */
  function stand(state, sentence = "") {
    const pattern = form.dataset[`say${state.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase())}`];
    const words = [sentence, say(pattern)].filter(Boolean).join(" ");
    if (line.dataset.state === state && line.firstElementChild.textContent === words) return;
    line.dataset.state = state;
    line.querySelector("[data-words]").textContent = words;
    for (const link of line.querySelectorAll("[data-when]")) link.hidden = link.dataset.when !== state;
    if (state === lastAloud || state === "saving") return;
    if (!QUIET.has(state) || !QUIET.has(lastAloud)) aloud.textContent = words;
    lastAloud = state;
  }

  /** The sentence of each refused cell: beside it, and in a list that leads to it. */
  function refusals(refused, forget) {
    if (isDown) {
      afterwards = () => refusals(refused, forget);
      return;
    }
    const now = JSON.stringify([...refused]);
    if (now === lastRefused) return;
    lastRefused = now;
    for (const why of form.querySelectorAll(".why-refused")) {
      why.closest("td").querySelector("input").removeAttribute("aria-describedby");
      why.remove();
    }
    list.replaceChildren();
    for (const [key, { sentence, text }] of refused) {
      if (!sentence) continue; // the page says it already
      const input = field(key);
      const item = list.appendChild(document.createElement("li"));
      if (input) {
        const link = item.appendChild(document.createElement("a"));
        link.href = `#c-${key}`;
        link.textContent = input.ariaLabel;
        link.addEventListener("click", () => showDay(key.slice(-1)));
        beside(input, key, sentence);
      } else {
        item.append(text);
      }
      item.append(` – ${sentence} `);
      if (!input) {
        const button = item.appendChild(document.createElement("button"));
        button.type = "button";
        button.className = "secondary small";
        button.textContent = form.dataset.sayForget;
        button.addEventListener("click", () => {
          forget(key);
          const next = list.querySelector("button, a") ?? [...form.querySelectorAll(".cell input")].find((one) => one.offsetParent);
          next?.focus(); // the button that held the focus is gone
        });
      }
    }
    list.hidden = !list.children.length;
  }

  function beside(input, key, sentence) {
    const why = document.createElement("span");
    why.className = "why-refused";
    why.id = `why-${key}`;
    why.textContent = sentence;
    input.closest("td").append(why);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", why.id);
  }

  return { mark, stand, refusals };
}
