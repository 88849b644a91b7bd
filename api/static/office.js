// Small helps for the keyboard. Every screen works without them.
"use strict";

(() => {
  const OFF = "office-keys-off";
  const single = () => localStorage.getItem(OFF) !== "1";
  const writing = (at) => at.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

  const keys = document.getElementById("keys");
  const off = document.getElementById("keys-off");
  if (off) {
    off.checked = !single();
    off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "1" : "0"));
  }

  // Lines that J and K go through: rows of lists that lead somewhere.
  const lines = () => [...document.querySelectorAll("main .due tbody tr a.btn, main .rows > li > a.t, main .strips .btn")];
  const step = (by) => {
    const all = lines();
    if (!all.length) return;
    const now = all.indexOf(document.activeElement);
    all[Math.max(0, Math.min(all.length - 1, now + by))].focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form") || document.querySelector("main form:has(button.go)");
      const panel = event.target.closest(".panel");  // of several in one form, the one at hand
      const button = (panel && form && form.contains(panel) && panel.querySelector("button.go:not([disabled])")) || (form && form.querySelector("button.go:not([disabled])"));
      if (button) {
        event.preventDefault();
        button.click();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !single() || writing(event.target)) return;
    if (event.key === "/") {
      const field = document.getElementById("office-q");
      if (field) {
        event.preventDefault();
        field.focus();
      }
    } else if (event.key === "?" && keys && !keys.open) keys.showModal();
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });
})();
