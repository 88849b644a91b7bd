// The day of a meeting: keys, minutes from the clock while it goes on, and a network that may be lost. What is
// entered then is kept in this browser, each act with its own key, and sent once, in order, when it is back.
"use strict";

(() => {
  const form = document.querySelector("form[data-queue]");
  if (!form) return;
  const words = form.dataset;
  const who = document.body.dataset.account || "";
  const QUEUE = `kyodo-queue:${who}:${words.queue}`;
  const TYPED = `kyodo-typed:${who}:${words.queue}`;
  const RECORDS = /^(item:|said:|open$|close$|whole$|recess$|resume$|move$)/;
  const CARRIED = /^(csrf_token|key|checked|do|draft|draft_.*)$/;
  const AGAIN = 8000;
  const box = document.getElementById("queue");
  const named = (name) => form.elements.namedItem(name);
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const clock = () => hour.format(new Date()); // of the meeting, wherever the browser is
  const read = (key, none) => { try { return JSON.parse(localStorage.getItem(key)) || none; } catch { return none; } };
  const keep = (key, value) => localStorage.setItem(key, JSON.stringify(value));
  let cutSince = "";
  let sending = false;

  const newKey = () => {
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    return `${named("key").value.split(".")[0]}.${uuid}`;
  };

  // -- what is kept, and how it is shown

  const line = (entry) => {
    const item = document.createElement("li");
    const mark = document.createElement("span");
    mark.className = entry.refused ? "st need" : "st part";
    mark.textContent = entry.refused ? words.wordsStopped : words.wordsItem;
    item.append(mark, ` ${entry.at} ${entry.label}`);
    if (entry.refused) {
      const mend = document.createElement("button");
      mend.type = "button";
      mend.className = "s";
      mend.textContent = entry.label;
      mend.addEventListener("click", () => open(entry));
      item.append(" ", mend);
    }
    return item;
  };

  const show = (sent) => {
    const queue = read(QUEUE, []);
    box.hidden = !(queue.length || cutSince || sent);
    box.replaceChildren();
    if (box.hidden) return;
    const panel = document.createElement("div");
    if (sent) {
      panel.className = "note good";
      const head = document.createElement("h3");
      head.textContent = words.wordsSent.replace("%1", clock()).replace("%2", sent);
      const say = document.createElement("p");
      say.className = "sm";
      say.textContent = words.wordsOnce;
      panel.append(head, say);
    } else {
      panel.className = "panel";
      const head = document.createElement("div");
      head.className = "offline";
      const since = document.createElement("b");
      since.textContent = cutSince ? words.wordsCut.replace("%", cutSince) : words.wordsItem;
      const say = document.createElement("span");
      say.textContent = words.wordsKept.replace("%", queue.length);
      head.append(since, say);
      const list = document.createElement("ol");
      list.className = "rows";
      list.append(...queue.map(line));
      panel.append(head, list);
    }
    box.setAttribute("role", "status");
    box.append(panel);
  };

  const panelOf = (button) => (button.value.includes(":") ? button.closest(".panel") : null);

  // What waits is not sent a second time with what is entered after it.
  const takeOut = (button) => {
    const panel = panelOf(button);
    if (!panel) return;
    if (button.value.startsWith("said:")) {
      const talk = panel.querySelector("textarea[name$='.talk']");
      talk.value = "";
      return;
    }
    for (const control of panel.querySelectorAll("input, textarea, select, button")) control.disabled = true;
  };

  const labelOf = (button) => {
    const head = panelOf(button);
    const title = head ? head.querySelector("h2").textContent.trim().replace(/\s+/g, " ") : "";
    return [title, button.textContent.trim()].filter(Boolean).join(" / ");
  };

  const enqueue = (body, button, label) => {
    keep(QUEUE, [...read(QUEUE, []), { at: clock(), label, body: body.toString(), refused: false }]);
    takeOut(button);
    if (!cutSince) cutSince = clock();
    show();
    later();
  };

  // -- sending

  const post = (body) => fetch(words.queue, { method: "POST", body, redirect: "manual" });
  const isDone = (answer) => answer.type === "opaqueredirect";

  const freshToken = async () => {
    const answer = await fetch(words.queue, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("input[name=csrf_token]").value;
  };

  const send = async () => {
    if (sending || !read(QUEUE, []).length) return;
    sending = true;
    let sent = 0;
    try {
      const token = await freshToken();
      while (token && read(QUEUE, []).length && !read(QUEUE, [])[0].refused) {
        const [first, ...rest] = read(QUEUE, []);
        const body = new URLSearchParams(first.body);
        body.set("csrf_token", token);
        const answer = await post(body);
        if (isDone(answer)) {
          keep(QUEUE, rest);
          sent += 1;
        } else {
          keep(QUEUE, [{ ...first, refused: true }, ...rest]);
        }
      }
      if (token) cutSince = "";
    } catch { if (!cutSince) cutSince = clock(); }
    sending = false;
    if (!read(QUEUE, []).length) {
      show(sent);
      form.dispatchEvent(new CustomEvent("check:now"));
    } else {
      show();
      if (!read(QUEUE, [])[0].refused) later();
    }
  };

  let timer = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(send, AGAIN); };

  // What was refused is opened as it was entered, with what is wrong.
  const open = (entry) => {
    keep(QUEUE, read(QUEUE, []).filter((other) => other.body !== entry.body));
    const again = document.createElement("form");
    again.method = "post";
    again.action = words.queue;
    for (const [name, value] of new URLSearchParams(entry.body)) {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = name === "csrf_token" ? named("csrf_token").value : name === "do" ? "check" : value;
      again.append(field);
    }
    again.hidden = true;
    document.body.append(again);
    again.submit();
  };

  // -- pressing

  const minutes = (button) => {
    if (!words.liveNow) return;
    const set = (name) => { const field = named(name); if (field && !field.value) field.value = clock(); };
    if (button.value.startsWith("item:")) set(`${button.value.slice(5)}.at`);
    if (button.value === "close") set("close.at");
    if (button.value === "recess" || button.value === "resume") {
      for (let n = 0; n < 3; n += 1) {
        const field = named(`recess.${n}.${button.value}`);
        if (field && !field.value) { field.value = clock(); break; }
      }
    }
  };

  // A meeting that is closed goes on with its minutes, as it does without this script.
  const closes = (button) => button.value === "close" || (button.value === "whole" && Boolean(named("close.at").value));

  let asIs = false;
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (asIs || !button || !RECORDS.test(button.value)) return;
    event.preventDefault();
    minutes(button);
    const label = labelOf(button);
    const body = new URLSearchParams(new FormData(form, button));
    body.set("key", newKey());
    if (read(QUEUE, []).length) {
      body.set("checked", "on-its-way");
      enqueue(body, button, label);
      return;
    }
    try {
      const answer = await post(body);
      if (isDone(answer)) {
        localStorage.removeItem(TYPED);
        if (closes(button)) location.assign(words.after);
        else location.reload();
        return;
      }
      asIs = true;
      form.requestSubmit(button);
    } catch {
      body.set("checked", "on-its-way");
      enqueue(body, button, label);
    }
  });

  // -- what is typed and neither recorded nor saved

  let typing = 0;
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => keep(TYPED, [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !CARRIED.test(name))), 400);
  });
  form.addEventListener("draft:saved", () => {
    localStorage.removeItem(TYPED);
    if (cutSince) send();
    if (cutSince && !read(QUEUE, []).length) { cutSince = ""; show(); }
  });

  const restore = () => {
    const typed = read(TYPED, null);
    if (!typed) return;
    const groups = new Map();
    for (const [name, value] of typed) groups.set(name, [...(groups.get(name) || []), value]);
    for (const control of form.elements) {
      if (!control.name || CARRIED.test(control.name)) continue;
      const values = groups.get(control.name) || [];
      if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
      else if (values.length) control.value = values[0];
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // -- keys

  const single = () => localStorage.getItem("office-keys-off") !== "1";
  const choose = (panel, name, value) => {
    const field = panel.querySelector(`input[name$=".${name}"][value="${value}"]`);
    if (field) { field.checked = true; field.focus(); field.dispatchEvent(new Event("change", { bubbles: true })); }
  };
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !single()) return;
    if (at.closest("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    const panel = (at.closest(".panel") || form).querySelector("fieldset.vote")?.closest(".panel");
    if (!panel) return;
    const act = { i: [["method", "no_objection"], ["end", "resolve"]], t: [["method", "majority_show"], ["end", "resolve"]], r: [["end", "note"]], c: [["end", "carry"]] }[event.key];
    if (!act) return;
    event.preventDefault();
    for (const [name, value] of act) choose(panel, name, value);
    const next = { t: ".for", c: ".carry" }[event.key];
    if (next) panel.querySelector(`input[name$="${next}"]`)?.focus();
  });

  window.addEventListener("online", send);
  window.addEventListener("offline", () => { if (!cutSince) cutSince = clock(); show(); });
  restore();
  show();
  send();
  form.dispatchEvent(new CustomEvent("check:now")); // what a press would record is shown before it
})();
