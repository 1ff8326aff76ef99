/** The timer that runs: how long, in hours and minutes, told anew every half minute. */

import { written } from "./durations.js";

const strip = document.querySelector("[data-started]");
// By the server's clock: that of this device may be wrong.
const before = new Date(strip.dataset.now) - new Date(strip.dataset.started);
const opened = performance.now();
const tell = () => {
  const minutes = Math.floor((before + performance.now() - opened) / 60_000);
  strip.querySelector("[data-elapsed]").textContent = written(Math.max(0, minutes));
};

tell();
setInterval(tell, 30_000);
