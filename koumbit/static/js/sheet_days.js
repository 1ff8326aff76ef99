/** The days of the week: one at a time on a narrow screen; and those to come open once they have come.
 *
 * A page may stay open past midnight, or be a copy of some days ago: today moves, and its fields appear.
 * The co-op refuses what it should not take, as ever.
 */

export function followDays(form, table) {
  const { readAt, zone, gotAt = Date.now() } = form.dataset;
  // This device's clock tells how long ago the page was made, and may be wrong about the day itself.
  const ahead = Date.parse(readAt) - Number(gotAt);
  const today = () => new Date(Date.now() + ahead).toLocaleDateString("en-CA", { timeZone: zone }); // as addresses write it
  const buttons = [...form.querySelectorAll(".day-button")];

  function show(day) {
    table.dataset.shown = form.elements.day.value = day;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === day));
  }

  /** Fields laid aside for days that have come since take their place. */
  function open() {
    for (const later of form.querySelectorAll("template[data-opens]")) {
      if (later.dataset.opens > today()) continue;
      later.closest("td.cell")?.querySelector(".shut")?.remove();
      later.replaceWith(later.content);
    }
  }

  /** Today is another day than when the page was made: it is marked, and a narrow screen shows it. */
  function move() {
    const heads = [...table.querySelectorAll("th[data-date]")];
    const now = heads.find(({ dataset }) => dataset.date === today());
    if (now?.classList.contains("today") || (!now && !table.querySelector(".today"))) return;
    heads.forEach((head, day) => {
      head.querySelector("[data-is-today]").hidden = head !== now;
      for (const part of form.querySelectorAll(`.d${day}:is(th, td)`)) part.classList.toggle("today", head === now);
      buttons[day].classList.toggle("today", head === now);
    });
    if (now) show(String(heads.indexOf(now)));
  }

  function follow() {
    open();
    move();
  }

  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      show(button.value);
    });
  }
  form.addEventListener("rows", open);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && follow());
  window.addEventListener("focus", follow);
  follow();
  return show;
}
