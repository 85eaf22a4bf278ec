// Saves answers while they are given, and lets keys choose them. The form works without it.
"use strict";

(() => {
  const FIRST_RETRY_MS = 1000, LAST_RETRY_MS = 30000, TYPING_MS = 900, PATIENCE_MS = 15000;
  const problems = document.getElementById("problems");
  // Browsers that do not know autofocus on a paragraph need a push.
  if (problems) setTimeout(() => problems.focus(), 0);

  // A page out of the browser's memory shows what was answered then.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const form = document.getElementById("form");
  if (!form) return;
  const state = document.getElementById("state");
  const newer = document.getElementById("newer");
  const texts = form.dataset;
  const bytes = (text) => new TextEncoder().encode(text).length;

  // The save id: every page chooses its own, and counts its saves.
  const random = crypto.getRandomValues(new Uint8Array(9));
  form.elements.from.value = Array.from(random, (one) => (one % 36).toString(36)).join("");
  let number = 0, dirty = false, busy = false, stopped = false, failures = 0, timer = 0;

  const say = (text) => { if (state.textContent !== text) state.textContent = text; };

  const body = () => {
    number += 1;
    form.elements.number.value = number;
    const plain = JSON.stringify(Object.fromEntries(new FormData(form)));
    // The size of a body is visible even if it is encrypted.
    return plain + " ".repeat(Math.max(Number(texts.padTo) - bytes(plain), 0));
  };

  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  };

  const settled = async (answer) => {
    if (answer.ok) {
      const { revision, isNewer } = await answer.json();
      failures = 0;
      if (isNewer) newer.hidden = false;
      else form.elements.seen.value = revision;
      if (!dirty) say(texts.saved);
    } else if (answer.status === 429 || answer.status >= 500) {
      throw new Error("Not now.");
    } else {
      stopped = true;
      say(texts.stopped);
    }
  };

  async function save() {
    if (busy || stopped || !dirty) return;
    busy = true;
    dirty = false;
    try {
      await settled(await fetch(texts.save, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: body(),
        keepalive: true,
        signal: AbortSignal.timeout(PATIENCE_MS),
      }));
    } catch {
      dirty = true;
      failures += 1;
      say(texts.failed);
      const wait = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS);
      later(wait * (0.5 + Math.random() / 2));
    }
    busy = false;
    if (dirty && !failures) later(0);
  }

  const changed = (milliseconds) => {
    dirty = true;
    if (!failures) later(milliseconds);
  };
  form.addEventListener("change", () => changed(0));
  form.addEventListener("input", (event) => {
    if (event.target.matches("textarea")) changed(TYPING_MS);
  });
  addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });

  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    stopped = true;
    form.elements.number.value = number + 1;
    const pad = form.elements.pad;
    pad.value = "";
    const length = new URLSearchParams(new FormData(form, event.submitter)).toString().length;
    pad.value = "-".repeat(Math.max(Number(texts.fieldBytes) - length, 0));
  });

  // Only inside a statement: elsewhere a single key might mean something else to somebody.
  const statements = [...form.querySelectorAll(".statement")];
  if (statements.length) document.getElementById("keys").hidden = false;
  form.addEventListener("keydown", (event) => {
    const statement = event.target.closest(".statement");
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!statement || !isPlain || !/^[0-9]$/.test(event.key)) return;
    const choices = [...statement.querySelectorAll("input")];
    const value = event.key === "0" ? "x" : event.key;
    const chosen = choices.find((one) => one.value === value);
    if (!chosen) return;
    event.preventDefault();
    if (!chosen.checked) chosen.click();
    const next = statements[statements.indexOf(statement) + 1];
    const goal = next
      ? next.querySelector("input:checked") || next.querySelector("input")
      : form.querySelector("button.main");
    goal.focus();
  });
})();
