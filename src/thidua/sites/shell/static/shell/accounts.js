"use strict";
// Signing in: the code behind the # of a slip's address (it never reaches a server's log).
(() => {
  const form = document.querySelector("[data-code-from-address]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (form && /^[A-Za-z0-9-]{10,20}$/.test(code)) {
    form.elements.code.value = code;
    history.replaceState(null, "", location.pathname);
  }
})();
