"use strict";
/* Files travel in pieces while the person goes on typing. A cut line, a closed tab or a restart of the server
   costs one piece: the server says where to go on. Without this script files simply go with the form. */
(() => {
  const { shrink, words } = window.thidua;
  const place = document.querySelector("[data-upload-url]");
  if (!place || !window.fetch) return;
  const said = place.dataset;
  const rowsOf = new Map();  /* form → its uploads */
  const pause = (seconds) => new Promise((go) => {
    const timer = setTimeout(go, seconds * 1000);
    window.addEventListener("online", () => { clearTimeout(timer); go(); }, { once: true });
  });
  const patience = (bytes) => AbortSignal.timeout(30000 + bytes / 2);  /* two bytes a millisecond: an old 2G line */

  const ask = async (row, url, options) => {
    for (let wait = 1; !row.dropped; wait = Math.min(wait * 2, 20)) {
      try {
        const answer = await fetch(url, { signal: patience(options.body?.size || 0), ...options, headers: { "X-CSRFToken": row.token, ...options.headers } });
        if (answer.ok) return await answer.json();
        if (answer.status === 422) throw Object.assign(new Error("refused"), { sentence: (await answer.json()).sentence });
        if (answer.status === 404) return null;  /* forgotten there: begin again */
        if (answer.status < 500) throw Object.assign(new Error("refused"), { sentence: words.fault });
      } catch (fault) { if (fault.sentence !== undefined) throw fault; }
      tell(row, said.cut, "is-cut");
      await pause(wait);
      /* The last piece may have arrived although its answer did not: ask, do not send it twice. */
      if (options.body instanceof Blob) return ask(row, url, { method: "GET" });
    }
    return null;
  };

  const travel = async (row) => {
    let piece = 0;
    while (!row.dropped) {
      let state = await ask(row, said.uploadUrl, { method: "POST", body: JSON.stringify({ name: row.file.name, size: row.file.size, mark: row.mark, purpose: row.purpose, key: row.key }) });
      while (state && !state.done && !row.dropped) {
        row.drop = state.drop;
        piece ||= state.piece;
        tell(row, `${said.going} ${Math.floor(100 * state.offset / row.file.size)} %`, "is-going");
        const began = performance.now();
        state = await ask(row, state.url, { method: "POST", body: row.file.slice(state.offset, state.offset + piece), headers: { "Upload-Offset": state.offset, "Content-Type": "application/octet-stream" } });
        const took = performance.now() - began;
        if (took > 8000) piece = Math.max(32768, piece / 2);
        else if (took < 1000) piece = Math.min(1048576, piece * 2);
      }
      if (state?.done) { row.drop = state.drop; row.done = true; tell(row, said.done, "is-done"); return; }
    }
  };

  const weight = (bytes) => bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 2 ** 20).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;

  const tell = (row, text, mark) => {
    row.note.textContent = text;
    row.item.className = mark;
    row.item.dataset.state = mark;
  };

  const settle = (form) => {
    if (!form.dataset.waiting) return;
    const rows = [...rowsOf.get(form)];
    if (rows.some((r) => r.failed)) { stopWaiting(form); return; }
    if (!rows.every((r) => r.done)) return;
    const submitter = form.waitingFor;
    stopWaiting(form);
    form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  };
  const stopWaiting = (form) => {
    delete form.dataset.waiting;
    form.querySelectorAll(".is-busy").forEach((b) => b.classList.remove("is-busy"));
  };

  /* The browser's own control speaks the browser's language and says "no file" once the files are on their way. */
  document.querySelectorAll("input[type=file][data-upload]").forEach((input) => {
    const photo = input.accept.startsWith("image/");
    input.classList.add("visually-hidden");
    input.after(Object.assign(document.createElement("label"), { className: "btn btn-light file-button", htmlFor: input.id, textContent: photo ? said.photo : said.file }));
  });

  const start = async (form, input, file) => {
    const same = [file.name, file.size, file.lastModified, input.id].join("|");
    const twin = [...(rowsOf.get(form) || [])].find((r) => r.same === same);
    if (twin) { twin.item.append(Object.assign(document.createElement("em"), { textContent: said.twice, role: "alert" })); return; }
    const row = { same, mark: String(file.lastModified), key: form.querySelector("[name=submission_key]").value, token: form.querySelector("[name=csrfmiddlewaretoken]").value };
    row.purpose = input.dataset.purpose || form.querySelector("[name=kind]")?.selectedOptions[0].dataset.purpose || form.querySelector("[name=purpose]").value;
    row.item = document.createElement("li");
    row.note = Object.assign(document.createElement("span"), { role: "status", textContent: said.waiting });
    const rows = rowsOf.get(form) || rowsOf.set(form, new Set()).get(form);
    rows.add(row);
    const list = input.parentElement.querySelector("[data-files]");
    list.append(row.item);
    row.file = input.dataset.shrink === undefined ? file : await shrink(file).catch(() => file);
    const drop = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-light", textContent: said.drop });
    drop.setAttribute("aria-label", `${said.drop} ${row.file.name}`);
    drop.onclick = () => {
      row.dropped = true;
      rows.delete(row);
      row.item.remove();
      if (row.drop) fetch(row.drop, { method: "POST", headers: { "X-CSRFToken": row.token } }).catch(() => {});
      settle(form);
    };
    if (row.file.type.startsWith("image/")) {
      const picture = Object.assign(document.createElement("img"), { src: URL.createObjectURL(row.file), alt: "" });
      picture.onload = () => URL.revokeObjectURL(picture.src);
      picture.onerror = () => picture.remove();
      row.item.append(picture);
    }
    row.item.append(` ${row.file.name} (${weight(row.file.size)}) `, row.note, " ", drop);
    const most = +input.dataset.mostMb || 20;
    try {
      if (row.file.size > most * 2 ** 20) throw Object.assign(new Error("refused"), { sentence: words.tooBig.replace("{name}", row.file.name).replace("{limit}", most) });
      await travel(row);
    } catch (fault) {
      row.failed = true;
      tell(row, fault.sentence || words.fault, "is-failed");  /* where the file is: the page does not jump */
      rows.delete(row);
      stopWaiting(form);
    }
    settle(form);
  };

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches?.("input[type=file][data-upload]")) return;
    event.stopImmediatePropagation();
    const chosen = [...input.files];
    input.value = "";  /* so that they do not go with the form a second time */
    input.required = false;
    chosen.forEach((file) => start(input.form, input, file));
  }, true);

  /* Send pressed while files are on their way: wait for them, then send by itself. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const rows = rowsOf.get(form);
    if (!rows || [...rows].every((r) => r.done)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.waiting = "1";
    form.waitingFor = event.submitter;
    event.submitter?.classList.add("is-busy");
    const note = form.querySelector("[data-saved]") || form.querySelector("[data-upload-note]");
    if (note) note.textContent = said.wait;
  }, true);
})();
