"use strict";
/* Small behaviours by data attributes. Every page works without them. */
(() => {
  const on = (type, selector, act) => document.addEventListener(type, (event) => {
    const found = event.target.closest?.(selector);
    if (found) act(found, event);
  });

  /* Submit once: a second click does nothing; going back unlocks. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.dataset.ask && !form.dataset.agreed) { event.preventDefault(); ask(form, event.submitter); return; }
    form.dataset.sent = "1";
    form.dataset.clean = "1";
    setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((b) => { b.disabled = true; b.classList.add("is-busy"); }), 0);
    /* A download leaves the page where it is. */
    if (form.target === "_blank" || form.method === "get" || form.dataset.download !== undefined) setTimeout(() => unlock(form), 1500);
  });
  const unlock = (form) => {
    delete form.dataset.sent; delete form.dataset.agreed;
    form.querySelectorAll("button.is-busy").forEach((b) => { b.disabled = false; b.classList.remove("is-busy"); });
  };
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(unlock));

  /* Confirmation, with a word to type for what cannot be undone. */
  const ask = (form, submitter) => {
    const dialog = document.getElementById("ask");
    const [title, ...rest] = form.dataset.ask.split("|");
    const word = form.dataset.askWord || "";
    dialog.querySelector("#ask-title").textContent = title;
    dialog.querySelector(".ask-text").textContent = rest.join(" ");
    const box = dialog.querySelector(".ask-word");
    const input = box.querySelector("input");
    const yes = dialog.querySelector("[value=yes]");
    /* Keyboards write "Ố" as one character or as three. */
    const plain = (text) => text.normalize("NFC").trim().toUpperCase();
    box.hidden = !word;
    box.querySelector("strong").textContent = word;
    input.value = "";
    yes.disabled = !!word;
    input.oninput = () => { yes.disabled = plain(input.value) !== plain(word); };
    dialog.onclose = () => {
      if (dialog.returnValue !== "yes" || (word && yes.disabled)) return;
      form.dataset.agreed = "1";
      form.requestSubmit(submitter || undefined);
    };
    dialog.returnValue = "no";
    dialog.showModal();
    if (word) input.focus();
  };
  on("click", "[data-dismiss]", (button) => button.closest("dialog").close("no"));

  on("click", "[data-back]", () => history.back());
  on("click", "[data-print]", () => print());
  on("click", "[data-fill]", (button) => {
    const area = document.querySelector(button.dataset.fill);
    area.value = button.dataset.text || button.textContent.trim();
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
  on("click", "[data-copy]", async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.classList.add("is-done");
      setTimeout(() => button.classList.remove("is-done"), 2500);
    } catch {
      /* Not allowed outside https: let the person copy by hand. */
      prompt(button.textContent.trim(), button.dataset.copy);
    }
  });
  on("click", "[data-reveal]", (button) => {
    const input = document.querySelector(button.dataset.reveal);
    const isShown = input.type === "password";
    input.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", isShown);
  });
  on("change", "[data-submit-on-change]", (input) => input.form.requestSubmit());
  on("change", "[data-check-all]", (box) => {
    document.querySelectorAll(box.dataset.checkAll).forEach((b) => { if (!b.disabled) b.checked = box.checked; });
    countChosen(box.form);
  });
  on("change", "[data-choice]", (box) => {
    countChosen(box.form);
    const all = document.querySelector("[data-check-all]");
    if (!all) return;
    const boxes = [...document.querySelectorAll(all.dataset.checkAll)];
    all.checked = boxes.every((b) => b.checked);
    all.indeterminate = !all.checked && boxes.some((b) => b.checked);
  });
  const countChosen = (form) => form?.querySelectorAll("[data-chosen]").forEach((place) => {
    const n = form.querySelectorAll("[data-choice]:checked").length;
    place.textContent = n;
    place.closest(".bulk-bar")?.classList.toggle("is-open", n > 0);
  });

  /* Character counter. */
  const count = (area) => {
    const least = +area.getAttribute("minlength") || 0, most = +area.getAttribute("maxlength") || 0;
    if (!least && !most) return;  /* a bare number says nothing */
    let note = area.nextElementSibling;
    if (!note?.classList.contains("counter")) {
      note = document.createElement("small");
      note.className = "counter";
      area.after(note);
    }
    const have = area.value.trim().length;
    note.textContent = `${have}${have < least || !most ? ` / ≥ ${least}` : ` / ${most}`}`;
    note.classList.toggle("is-enough", least > 0 && have >= least);
  };
  document.addEventListener("input", (event) => { if (event.target.matches("[data-count]")) count(event.target); });

  const fieldsOf = (form) => [...form.elements].filter((e) => e.name && !["hidden", "file", "password", "submit", "button"].includes(e.type) && e.dataset.sharedDevice === undefined);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.dataset.guard === undefined) return;
    delete form.dataset.clean;
    form.dataset.dirty = "1";
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-guard][data-dirty]:not([data-clean])")) event.preventDefault();
  });

  /* Photos are shrunk before they travel. */
  const shrink = async (file, side = 1600) => {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 400000) return file;
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  };
  const shown = (file) => {
    const item = document.createElement("li");
    if (file.type.startsWith("image/")) {
      const picture = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" });
      picture.onload = () => URL.revokeObjectURL(picture.src);
      item.append(picture);
    }
    item.append(`${file.name} (${Math.ceil(file.size / 1024)} KB)`);
    return item;
  };
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches?.("input[type=file]")) return;  /* those with data-upload are taken by uploads.js */
    const most = +input.dataset.mostMb || 20;
    const box = new DataTransfer();
    for (const file of input.files) {
      const light = input.dataset.shrink === undefined ? file : await shrink(file).catch(() => file);
      /* Said here, before a slow line has carried it in vain. */
      if (light.size > most * 2 ** 20) say(words.tooBig.replace("{name}", file.name).replace("{limit}", most));
      else box.items.add(light);
    }
    input.files = box.files;
    input.parentElement.querySelector("[data-files]")?.replaceChildren(...[...input.files].map(shown));
  });

  /* Shares must add up to 100. */
  const addUp = (box) => {
    const sum = [...box.querySelectorAll("[data-share]")].reduce((n, i) => n + (parseFloat(i.value.replace(",", ".")) || 0), 0);
    const place = box.querySelector("[data-share-sum]");
    if (!place) return;
    place.textContent = `${Math.round(sum * 100) / 100} %`;
    place.classList.toggle("is-wrong", Math.abs(sum - 100) > 0.004);
  };
  document.addEventListener("input", (event) => { const box = event.target.closest("[data-share-total]"); if (box) addUp(box); });

  /* Menus close when one clicks elsewhere or presses Escape. */
  const menus = () => document.querySelectorAll("details.menu[open], details.drawer[open]");
  document.addEventListener("click", (event) => menus().forEach((d) => {
    if (!d.contains(event.target)) d.open = false;
  }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((d) => { d.open = false; d.querySelector("summary").focus(); });
  });

  /* Sentences for what happens without a page: written in the page's language by its template. */
  const place = document.getElementById("messages");
  const words = {
    offline: place?.dataset.offline || "", fault: place?.dataset.fault || "", tooBig: place?.dataset.tooBig || "",
  };
  const say = (sentence) => {
    if (!place || !sentence) return;
    const line = Object.assign(document.createElement("p"), { className: "callout callout-danger", textContent: sentence });
    line.setAttribute("role", "alert");
    place.replaceChildren(line);
    line.scrollIntoView({ block: "center" });
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (![403, 409, 422].includes(event.detail.xhr.status)) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
  document.addEventListener("htmx:responseError", () => say(words.fault));
  document.addEventListener("htmx:sendError", () => say(words.offline));

  window.thidua = { on, fieldsOf, shrink, say, words };

  /* A shared device (kiosk): after some idle time, or once the code has been read, everything starts anew. */
  const rest = document.body.dataset.kiosk;
  if (rest !== undefined) {
    const note = document.querySelector("[data-kiosk-note]");
    const anew = () => { location.replace(document.body.dataset.kioskStart || location.href); };
    let left;
    const full = () => { left = +(document.querySelector("[data-kiosk-seconds]")?.dataset.kioskSeconds || rest || 90); };
    full();
    ["input", "pointerdown", "keydown", "wheel"].forEach((type) => document.addEventListener(type, full, { passive: true }));
    setInterval(() => {
      const isEmpty = ![...document.querySelectorAll("main form")].some((f) => fieldsOf(f).some((e) => e.value && e.value !== e.defaultValue)) && !document.querySelector("[data-kiosk-seconds]");
      if (isEmpty) { full(); if (note) note.hidden = true; return; }
      left -= 1;
      if (note) { note.hidden = left > 20; note.querySelector("strong").textContent = left; }
      if (left <= 0) { document.querySelectorAll("form").forEach((f) => { f.dataset.clean = "1"; f.reset(); }); anew(); }
    }, 1000);
    window.addEventListener("pageshow", (event) => { if (event.persisted) anew(); });
  }

  const ready = (root) => {
    root.querySelectorAll("[data-count]").forEach(count);
    root.querySelectorAll("[data-share-total]").forEach(addUp);
    root.querySelectorAll("[data-reveal]").forEach((button) => { button.hidden = false; });
    root.querySelector("[data-focus]")?.focus();
  };
  ready(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) ready(event.target); });
})();
