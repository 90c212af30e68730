// Asks the browser for a passkey, and sends its answer by the form it stands in. Loaded by pages that have such a form;
// they say what else works for those whose browser runs no scripts or knows no passkeys.
(function () {
  "use strict";

  function each(selector, work) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), work);
  }

  function bytes(text) {
    var binary = window.atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(binary, function (c) {
      return c.charCodeAt(0);
    });
  }

  function text(buffer) {
    var binary = "";
    new Uint8Array(buffer).forEach(function (byte) {
      binary += String.fromCharCode(byte);
    });
    return window.btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function withBytes(credential) {
    return Object.assign({}, credential, { id: bytes(credential.id) });
  }

  function ask(kind, options) {
    options.challenge = bytes(options.challenge);
    if (kind === "create") {
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = (options.excludeCredentials || []).map(withBytes);
      return navigator.credentials.create({ publicKey: options });
    }
    options.allowCredentials = (options.allowCredentials || []).map(withBytes);
    return navigator.credentials.get({ publicKey: options });
  }

  function answerOf(credential) {
    var given = credential.response;
    var response = { clientDataJSON: text(given.clientDataJSON) };
    if (given.attestationObject) {
      response.attestationObject = text(given.attestationObject);
    } else {
      response.authenticatorData = text(given.authenticatorData);
      response.signature = text(given.signature);
      response.userHandle = given.userHandle ? text(given.userHandle) : null;
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: response,
      extensions: {}
    });
  }

  function prepare(form) {
    var failed = form.querySelector("[data-passkey-failed]");
    var asking = false;
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      form.removeAttribute("aria-busy");
      if (asking) {
        return;
      }
      asking = true;
      failed.hidden = true;
      ask(form.getAttribute("data-passkey"), JSON.parse(form.getAttribute("data-options"))).then(
        function (credential) {
          form.querySelector("input[name=passkey]").value = answerOf(credential);
          form.submit();
        },
        function () {
          // Cancelled, too late, or no passkey there: which, a browser does not tell.
          asking = false;
          failed.hidden = false;
        }
      );
    });
  }

  var known = window.PublicKeyCredential && navigator.credentials && Object.assign && Uint8Array.from;
  each("form[data-passkey]", known ? prepare : function () {});
  if (!known) {
    each("[data-without-passkeys]", function (instead) {
      instead.hidden = false;
    });
  }
})();
