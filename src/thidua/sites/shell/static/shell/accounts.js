"use strict";
// Signing in: the code behind the # of a slip's address (it never reaches a server's log), and passkeys.
(() => {
  const form = document.querySelector("[data-code-from-address]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (form && /^[A-Za-z0-9-]{10,20}$/.test(code)) {
    form.elements.code.value = code;
    history.replaceState(null, "", location.pathname);
  }
})();

(() => {
  // What the server writes in base64url, the browser wants as bytes, and the other way round.
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const allowed = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function answerOf(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  function ask(form, work) {
    form.hidden = !window.PublicKeyCredential;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // the form is sent (and locked) once the device has answered
      const fault = form.querySelector("[role=alert]");
      fault.hidden = true;
      try {
        form.elements.credential.value = answerOf(await work());
        form.requestSubmit();
      } catch (error) {
        fault.textContent = form.dataset.failed;
        fault.hidden = false;
      }
    }, { capture: true });
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    ask(form, async () => {
      const body = new URLSearchParams({
        csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, for: form.dataset.passkeyFor || "",
      });
      const reply = await fetch(form.dataset.passkey, { method: "POST", body });
      const options = (await reply.json()).publicKey;
      return navigator.credentials.get({
        publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: allowed(options.allowCredentials) },
      });
    });
  }

  for (const form of document.querySelectorAll("form[data-passkey-new]")) {
    ask(form, () => {
      const options = JSON.parse(document.getElementById("passkey-options").textContent).publicKey;
      return navigator.credentials.create({
        publicKey: {
          ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
          excludeCredentials: allowed(options.excludeCredentials),
        },
      });
    });
  }
})();
