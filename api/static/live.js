// What a form would come to, while somebody types: its parts marked data-live are taken from the form as it is
// checked. Without this, a press of the button that checks does the same.
"use strict";

(() => {
  const form = document.querySelector("form[data-check]");
  if (!form) return;
  const WAIT = 700;
  let timer = 0;
  let asked = 0;

  const show = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const part of form.querySelectorAll("[data-live]")) {
      const now = page.getElementById(part.id);
      if (!now || now.innerHTML === part.innerHTML || part.contains(document.activeElement)) continue;
      part.replaceChildren(...[...now.childNodes].map((node) => document.importNode(node, true)));
    }
    form.dispatchEvent(new CustomEvent("live:shown"));
  };

  const check = async () => {
    timer = 0;
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "check");
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", headers: { "X-Live": "1" } });
      const text = await answer.text();
      if (mine === asked && (answer.status === 200 || answer.status === 422)) show(text);
    } catch { /* the network is away: what is shown stays */ }
  };

  const later = () => { clearTimeout(timer); timer = setTimeout(check, WAIT); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("check:now", check);
})();
