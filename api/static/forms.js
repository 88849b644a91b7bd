// Names while one types: asks the office what is called so. Forms work without.
"use strict";

(() => {
  let asked;
  document.addEventListener("input", (event) => {
    const input = event.target.closest("input[data-names]");
    if (!input || input.value.length < 2) return;
    clearTimeout(asked);
    asked = setTimeout(async () => {
      const answer = await fetch(`${input.dataset.names}&q=${encodeURIComponent(input.value)}`, { credentials: "same-origin" });
      if (!answer.ok) return;
      const { names } = await answer.json();
      input.list.replaceChildren(...names.map((name) => new Option("", name)));
    }, 200);
  });
  const first = document.getElementById("faults") || document.getElementById("kiroku");
  if (first) first.focus();
})();
