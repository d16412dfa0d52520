"use strict";
{
  const $ = (selector) => [...document.querySelectorAll(selector)];

  // A table that is not wider than its place needs no stop of the Tab key.
  const fit = new ResizeObserver((entries) => {
    for (const { target } of entries) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
  });
  for (const element of $(".scroll")) fit.observe(element);

  const choosing = document.getElementById("choosing");
  if (choosing) {
    const errors = $(".error");
    const shown = document.getElementById("shown");
    const chosen = { type: "", kind: "" };
    const update = () => {
      let n = 0;
      for (const error of errors) {
        error.hidden = ["type", "kind"].some((key) => chosen[key] && error.dataset[key] !== chosen[key]);
        n += !error.hidden;
      }
      shown.textContent = n + " of " + errors.length + " errors shown";
    };
    for (const key of ["type", "kind"]) {
      const buttons = $(".choice[data-" + key + "]");
      for (const button of buttons) {
        button.addEventListener("click", () => {
          chosen[key] = button.dataset[key];
          for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
          update();
        });
      }
    }
    choosing.hidden = false;
    update();
  }
}
