// Comforts for those whose browser runs scripts. Every page works without this file, and the server checks everything
// that is checked here. Written in the JavaScript of old phones.
(function () {
  "use strict";

  function each(selector, root, work) {
    Array.prototype.forEach.call(root.querySelectorAll(selector), work);
  }

  // A second tap on a slow connection must not send the form twice. The button stays enabled, because a disabled one
  // would not send its name and value, and would lose the focus.
  function sendOnce(form) {
    var sent = false;
    form.addEventListener("submit", function (event) {
      if (sent) {
        event.preventDefault();
        return;
      }
      sent = true;
      form.setAttribute("aria-busy", "true");
    });
    // The back button may bring the page back as it was left.
    window.addEventListener("pageshow", function () {
      sent = false;
      form.removeAttribute("aria-busy");
    });
  }

  // One button shows or hides every password of a form.
  function showPasswords(form) {
    var fields = Array.prototype.slice.call(form.querySelectorAll("input[type=password]"));
    if (!fields.length) {
      return;
    }
    var button = document.createElement("button");
    button.type = "button";
    button.className = "show-password";
    function set(visible) {
      fields.forEach(function (field) {
        field.type = visible ? "text" : "password";
      });
      button.textContent = form.getAttribute(visible ? "data-hide-password" : "data-show-password");
    }
    button.addEventListener("click", function () {
      set(fields[0].type === "password");
    });
    // Password managers and the browser's own history must see password fields when the form leaves.
    form.addEventListener("submit", function () {
      set(false);
    });
    set(false);
    var last = fields[fields.length - 1].parentNode;
    last.parentNode.insertBefore(button, last.nextSibling);
  }

  // Ticks the rules off while the new password is being typed.
  var checks = {
    length: function (password, rule) {
      var length = Array.from(password).length;
      return length >= Number(rule.getAttribute("data-minimum")) && length <= Number(rule.getAttribute("data-maximum"));
    },
    "lower-case": matcher("\\p{Lowercase}"),
    "upper-case": matcher("\\p{Uppercase}"),
    digit: matcher("\\p{N}"),
    special: matcher("[^\\p{L}\\p{M}\\p{N}\\p{C}\\s]")
  };

  // A browser that does not know Unicode's classes ticks nothing.
  function matcher(source) {
    try {
      var pattern = new RegExp(source, "u");
      return function (password) {
        return pattern.test(password);
      };
    } catch (error) {
      return function () {
        return false;
      };
    }
  }

  function tickRules(field) {
    field.addEventListener("input", function () {
      var password = field.value.normalize ? field.value.normalize("NFC") : field.value;
      each("[data-check]", document, function (rule) {
        var check = checks[rule.getAttribute("data-check")];
        if (check && check(password, rule)) {
          rule.classList.add("met");
        } else {
          rule.classList.remove("met");
        }
      });
    });
  }

  // The answer to a service goes out by itself; the button is for those whose browser runs no scripts. Clicked rather
  // than submitted, so that it counts as sent.
  function sendAtOnce(form) {
    form.querySelector("button").click();
  }

  each("form", document, sendOnce);
  each("form[data-show-password]", document, showPasswords);
  if (Array.from && document.getElementById("new-password")) {
    tickRules(document.getElementById("new-password"));
  }

  each("form[data-send-at-once]", document, sendAtOnce);

  // After a form that was not accepted, reading starts at the reason.
  var problem = document.querySelector("#error[tabindex]");
  if (problem) {
    problem.focus();
  }
})();
