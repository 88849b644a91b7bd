// Saves a form's draft while somebody types. Without it, a button does the same.
"use strict";

(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const state = form.querySelector("[data-draft-state]");
  const others = form.querySelector("[data-draft-others]");
  const field = (name) => form.elements.namedItem(name);
  const WAIT = 1500;
  let timer = 0;
  let saving = false;
  let again = false;

  const say = (text) => { if (state) state.textContent = text; };

  const save = async (leaving) => {
    clearTimeout(timer);
    timer = 0;
    if (saving) { again = true; return; }
    saving = true;
    try {
      const body = new URLSearchParams(new FormData(form));
      body.delete("do");
      const answer = await fetch(form.dataset.draft, { method: "POST", body, keepalive: Boolean(leaving), redirect: "manual" });
      const told = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json() : {};
      if (answer.ok && told.version) {
        field("draft_version").value = told.version;
        field("draft").value = told.draft;
        say(told.saved);
        if (others) others.textContent = told.others.join("、");
        form.dispatchEvent(new CustomEvent("draft:saved"));
      } else if (answer.status === 409) {
        say(told.newer);
        again = false;
        form.dispatchEvent(new CustomEvent("draft:newer"));
      } else say(told.refused || form.dataset.draftFailed);
    } catch {
      say(form.dataset.draftFailed);
    }
    saving = false;
    if (again) { again = false; later(); }
  };

  const later = () => { clearTimeout(timer); timer = setTimeout(save, WAIT); };

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { clearTimeout(timer); timer = 0; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && timer) save(true); });
})();
