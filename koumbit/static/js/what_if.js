/** The numbers of “what if” as sliders, and what they give without leaving the page.
 *
 * Without script they stay numbers, with a button. A slider and its number are one: moving either moves the other.
 */

const form = document.querySelector("form[data-what-if]");
const WAIT = 250;
let timer, asked = 0;

function addSlider(number) {
  const slider = document.createElement("input");
  slider.type = "range";
  for (const name of ["min", "max", "step"]) slider.setAttribute(name, number.getAttribute(name));
  slider.value = number.value;
  slider.setAttribute("aria-label", number.labels[0].firstChild.textContent.trim());
  slider.addEventListener("input", () => { number.value = slider.value; later(); });
  number.addEventListener("input", () => { slider.value = number.value; later(); });
  number.after(slider);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(look, WAIT);
}

async function look() {
  const mine = ++asked;
  const address = `${form.action.split("#")[0]}?${new URLSearchParams(new FormData(form))}`;
  const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("tried");
  if (now) document.getElementById("tried").replaceChildren(...now.childNodes);
}

if (form) {
  form.querySelectorAll("[data-slider]").forEach(addSlider);
  form.elements.scenario.addEventListener("change", later);
}
