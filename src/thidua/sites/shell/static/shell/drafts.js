"use strict";
/* Drafts: kept on the device until the server has them. A phone may be shared: each person has their own, a draft
   has an end (data-keep-hours), and a device said to be shared keeps none.
   The saves of a page go one after the other: one under way, the newest words waiting. An answer that never came is
   no answer: the server may have saved or not, so the next save also tells what this page has sent before. */
(() => {
  const { on, say, words, fieldsOf } = window.thidua;
  const DAYS = 336, PATIENCE = 30000, HELD = 12000;
  const owner = document.body.dataset.person || "visitor";
  const keyFor = (name) => `draft:${owner}:${name}`;
  const keyOf = (form) => keyFor(form.dataset.autosave);
  const isShared = (form) => document.body.dataset.kiosk !== undefined || !!form.querySelector("[data-shared-device]:checked");
  const forget = (key) => { try { localStorage.removeItem(key); } catch { /* forbidden */ } };
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const isPast = (kept, hours) => !(Date.now() - (kept?.at || 0) < hours * 3600000);
  const noteOf = (form) => form.querySelector("[data-saved]");
  const tell = (form, sentence) => { const note = noteOf(form); if (note) note.textContent = sentence || ""; };
  let isLeft = false;  /* signed out: nothing is kept any more */
  let isLeaving = false;  /* the next page may have been made before an answer that comes now */
  window.addEventListener("beforeunload", () => { isLeaving = true; });

  /* name → the values the form would send. */
  const valuesOf = (form) => {
    const found = {};
    for (const field of fieldsOf(form)) {
      found[field.name] ??= [];
      if (!["radio", "checkbox"].includes(field.type) || field.checked) found[field.name].push(field.value);
    }
    return found;
  };
  const plain = (values) => JSON.stringify((values || []).map((v) => v.normalize("NFC").replace(/\r\n?/g, "\n").trim()));
  const alike = (one, other) => Object.keys(one).every((name) => plain(one[name]) === plain(other[name]));

  const lines = new Map();  /* form → how its saves stand; `known`: all the server may hold, `unheard`: sent, no answer yet */
  const lineOf = (form) => lines.get(form) || lines.set(form, { known: [valuesOf(form)], unheard: [], failed: 0 }).get(form);

  const keep = (form, isSent = false) => {
    if (isLeft || isShared(form)) return;
    const kept = { at: Date.now(), typed: valuesOf(form), over: lineOf(form).known, isSent };
    kept.key = form.querySelector("[name=submission_key]")?.value;
    if (kept.key) Object.assign(kept, { revision: form.querySelector("[name=revision]")?.value, unheard: lineOf(form).unheard });
    try { localStorage.setItem(keyOf(form), JSON.stringify(kept)); } catch { /* full or forbidden: the server still has it */ }
  };

  /* Words typed over what the server shows come back; where it shows something else, written elsewhere, they are offered. */
  const restore = (form) => {
    const kept = read(keyOf(form)), here = valuesOf(form);
    lineOf(form);
    if (!kept) return;
    const isOver = isPast(kept, +form.dataset.keepHours || DAYS) || (kept.isSent && isPast(kept, 1));
    if (isShared(form) || isOver || alike(here, kept.typed)) { forget(keyOf(form)); return; }
    let back = null;
    for (const [name, typed] of Object.entries(kept.typed)) {
      if (!here[name] || plain(typed) === plain(here[name])) continue;
      const isEmpty = here[name].every((value) => !value);
      const isKnown = (kept.over || []).some((version) => plain(version[name]) === plain(here[name]));
      const fields = fieldsOf(form).filter((field) => field.name === name);
      if (isEmpty || isKnown) { fill(fields, typed); back = fields[0]; } else offer(form, fields[0], typed[0]);
    }
    /* The same words are the same filing: a second tab uses the first one's key, and the server keeps one. */
    const key = form.querySelector("[name=submission_key]");
    if (key && kept.key) {
      const revision = form.querySelector("[name=revision]");
      if (revision && kept.revision && key.value !== kept.key) revision.value = kept.revision;
      key.value = kept.key;
      lineOf(form).unheard = kept.unheard || [];
    }
    if (!back) return;
    const place = form.querySelector("[data-restored]");
    if (place) place.hidden = false;
    back.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const fill = (fields, typed) => fields.forEach((field) => {
    if (["radio", "checkbox"].includes(field.type)) field.checked = typed.includes(field.value);
    else field.value = typed[0] || "";
  });
  const offer = (form, field, text) => {
    const said = noteOf(form)?.dataset;
    if (!said?.kept || !text || !field.id || !["textarea", "text"].includes(field.type)) return;
    const box = Object.assign(document.createElement("p"), { className: "callout callout-warning prose", textContent: `${said.kept} «${text}» ` });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-light", textContent: said.use });
    button.dataset.fill = `#${field.id}`;
    button.dataset.text = text;
    box.append(button);
    field.parentElement.append(box);
  };

  /* What is past its end goes at the next visit, whatever page it is. */
  try {
    for (const name of Object.keys(localStorage)) {
      const hours = name.startsWith("draft:visitor:") ? 24 : DAYS;
      if (name.startsWith("draft:") && isPast(read(name), hours)) forget(name);
    }
  } catch { /* forbidden */ }
  document.querySelectorAll("[data-forget-draft]").forEach((e) => forget(keyFor(e.dataset.forgetDraft)));
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.forgetAll === undefined) return;
    isLeft = true;
    try { Object.keys(localStorage).filter((n) => n.startsWith(keyFor(""))).forEach(forget); } catch { /* forbidden */ }
  });
  on("change", "[data-shared-device]", (box) => { if (box.checked) forget(keyOf(box.form)); else keep(box.form); });

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.dataset.autosave) return;
    isLeaving = false;
    const line = lineOf(form);
    clearTimeout(line.waiting);
    line.waiting = setTimeout(() => {
      keep(form);
      if (form.dataset.autosaveUrl && !line.held) save(form);
    }, 600);
  });

  /* As the form itself would send it: texts, with the line ends of the web. */
  const pack = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "own").map(([name, value]) => [name, value.replace(/\r\n?|\n/g, "\r\n")]);
  const post = async (form, packed, own = []) => {
    const body = new FormData(), control = new AbortController(), line = lineOf(form);
    packed.forEach(([name, value]) => body.append(name, value));
    own.forEach((sent) => body.append("own", new URLSearchParams(sent)));
    const size = [...body].reduce((sum, [, value]) => sum + value.length, 0);
    const timer = setTimeout(() => control.abort(), line.held ? HELD : PATIENCE + size);
    line.control = control;
    try {
      const answer = await fetch(form.dataset.autosaveUrl, { method: "POST", body, headers: { "X-Autosave": "1" }, signal: control.signal });
      if (answer.status >= 500) throw new Error(answer.status);
      return answer.ok && answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    } finally { clearTimeout(timer); }
  };

  /* What is sent, until its answer comes. Of many tries the first may have arrived, and the last ones. */
  const note = (line, packed, typed) => {
    const told = packed.filter(([name]) => name !== "csrfmiddlewaretoken");
    for (const [sent, one] of [[line.unheard, told], [line.known, typed]]) {
      if (sent.length > 12) sent.splice(1, 1);
      sent.push(one);
    }
  };

  /* One save; true when the server was heard, whatever it said. */
  const once = async (form, line) => {
    const packed = pack(form), typed = valuesOf(form), earlier = [...line.unheard];
    note(line, packed, typed);
    let said;
    try {
      said = await post(form, packed);
      if (said?.stale && earlier.length) said = await post(form, packed, earlier);
    } catch {
      keep(form);
      tell(form, noteOf(form)?.dataset.offline);
      line.failed += 1;
      tryAgain(form, line);
      return false;
    }
    line.failed = 0;
    line.insists = false;
    const revision = form.querySelector("[name=revision]");
    if (revision && said?.revision) revision.value = said.revision;
    const isSaved = said && !said.stale;
    line.unheard = isSaved || !said ? [] : earlier;
    if (isSaved) line.known = [typed]; else line.known.pop();
    tell(form, said ? said.sentence : noteOf(form)?.dataset.offline);
    /* The server has it; an older copy must not come back over a newer one written elsewhere. */
    if (isSaved && !isLeaving && alike(valuesOf(form), typed)) forget(keyOf(form)); else keep(form);
    return true;
  };
  /* A dossier tries by itself; the quick form, short and sent whole, waits for the next word. */
  const isQuick = (form) => !!form.querySelector("[name=submission_key]");
  const tryAgain = (form, line) => {
    clearTimeout(line.again);
    if (!isQuick(form)) line.again = setTimeout(() => save(form), Math.min(1000 * 2 ** line.failed, 60000));
  };
  const save = (form) => {
    const line = lineOf(form);
    clearTimeout(line.again);
    line.wants = true;
    line.flight ??= (async () => {
      try {
        while (line.wants) {
          line.wants = false;
          if (!await once(form, line)) return;
        }
      } finally { line.flight = null; }
    })();
    return line.flight;
  };
  window.addEventListener("online", () => lines.forEach((line, form) => { if (line.failed && !line.held && !isQuick(form)) save(form); }));

  /* Sent by hand while a save is under way, or after one that was never answered: settle that first, then send. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset?.autosave || form.dataset.sent || event.defaultPrevented) return;
    const line = lineOf(form);
    clearTimeout(line.waiting);
    if (form.dataset.autosaveUrl && !line.insists && (line.flight || line.failed)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!line.held) hold(form, line, event.submitter);
      return;
    }
    line.insists = line.wants = false;
    clearTimeout(line.again);
    if (!form.dataset.autosaveUrl) return;
    form.querySelectorAll("[name=own]").forEach((field) => field.remove());
    line.unheard.forEach((sent) => form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "own", value: new URLSearchParams(sent) })));
    note(line, pack(form), valuesOf(form));
    keep(form, !isQuick(form));  /* the quick form is over when the next page says so */
  }, true);
  const hold = async (form, line, submitter) => {
    line.held = true;
    line.wants = false;  /* what is sent by hand is the newest */
    submitter?.classList.add("is-busy");
    tell(form, noteOf(form)?.dataset.wait);
    const hurry = setTimeout(() => line.control?.abort(), HELD);
    await line.flight;
    clearTimeout(hurry);
    if (line.failed) await save(form);
    clearTimeout(line.again);
    line.held = false;
    submitter?.classList.remove("is-busy");
    if (!line.failed) { form.requestSubmit(submitter?.isConnected ? submitter : undefined); return; }
    line.insists = true;
    say(words.offline);
    tryAgain(form, line);
  };
  window.addEventListener("pageshow", () => lines.forEach((line) => { line.held = line.insists = false; }));

  const ready = (root) => root.querySelectorAll("form[data-autosave]").forEach(restore);
  ready(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) ready(event.target); });
})();
